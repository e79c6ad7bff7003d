using Microsoft.Extensions.Configuration;
using Olist.Functions.Batch;
using Olist.Functions.Operations;
using Olist.Functions.Serving;
using Olist.Functions.Speed;
using Olist.Lake.Rest;
using Olist.Pipeline;
using Olist.Pipeline.Queries;
using Olist.Pipeline.Speed.Live;
using Olist.Pipeline.Speed.Orders;
using Olist.Pipeline.Speed.Products;
using Olist.Pipeline.Speed.Tables;
using Olist.Pipeline.Steps;

namespace Olist.Functions;

/// <summary>What the functions need, made once.</summary>
static class Services
{
    public static void AddOlist(this IServiceCollection services, Workspace workspace, SpeedLayer speed, IConfiguration settings)
    {
        services.AddSingleton(workspace.Time);
        services.AddSingleton(workspace);
        services.AddSingleton(workspace.Tables);
        services.AddSingleton(workspace.Log);
        services.AddSingleton(workspace.Ingest);
        services.AddSingleton<BatchRuns>();
        Lineage.AddTo(services, workspace.Tables, settings, workspace.Time);
        services.AddSingleton<GoldViews>();
        services.AddSingleton<OrderLookup>();
        AddSpeedLayer(services, workspace, speed, settings);
        services.AddSingleton(new RestCatalog(workspace.Tables.Catalog, CatalogSettings.Of(WorkspaceSettings.Read(settings), workspace.Tables)));
        services.AddSingleton(ReplaySettings.Read(settings));
        services.AddSingleton<ReplayProgress>();
        services.AddHostedService<DatasetReplay>();
    }

    static void AddSpeedLayer(IServiceCollection services, Workspace workspace, SpeedLayer speed, IConfiguration settings)
    {
        var live = new LiveOrders(new PipelineClock(Clock(settings), workspace.Time));
        services.AddSingleton(live);
        services.AddSingleton(speed.Silver);
        services.AddSingleton(speed.Publishers);
        services.AddSingleton(new OrderUpdates(workspace.State.Registry));
        var feed = new StatusFeed(workspace.Log, workspace.State.Registry, live);
        services.AddSingleton(feed);
        services.AddSingleton(new ProductUpdates(workspace.State.Registry));
        services.AddSingleton<StreamTable>(new StreamLeadDays(workspace.Tables, workspace.Log, workspace.State.Registry, live, feed));
        services.AddSingleton<StreamTable>(new StreamOrderDetail(workspace.Tables, workspace.Log, workspace.State.Registry));
        services.AddSingleton<StreamTable>(new StreamUserLocation(workspace.Tables, workspace.Log, workspace.State.Registry));
        services.AddSingleton<StreamFreshness>();
        services.AddHostedService<LiveView>();
    }

    static ClockKind Clock(IConfiguration settings)
    {
        var kind = WorkspaceSettings.Text(settings, "Olist:Clock") ?? "wall";
        return PipelineClock.Find(kind) ?? throw new PipelineException($"Setting Olist:Clock is '{kind}'; expected {string.Join(", ", PipelineClock.KindNames)}.");
    }
}
