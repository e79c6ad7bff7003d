using Microsoft.Extensions.Configuration;
using Olist.Functions.Batch;
using Olist.Functions.Operations;
using Olist.Functions.Serving;
using Olist.Lake.Rest;
using Olist.Pipeline;
using Olist.Pipeline.Queries;
using Olist.Pipeline.Steps;

namespace Olist.Functions;

/// <summary>What the functions need, made once.</summary>
static class Services
{
    public static void AddOlist(this IServiceCollection services, Workspace workspace, IConfiguration settings)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(workspace);
        services.AddSingleton(workspace.Tables);
        services.AddSingleton(workspace.Log);
        services.AddSingleton(workspace.Ingest);
        services.AddSingleton<BatchRuns>();
        services.AddSingleton<GoldViews>();
        services.AddSingleton<OrderLookup>();
        services.AddSingleton(new PipelineClock(TimeProvider.System, Clock(settings)));
        services.AddSingleton(new RestCatalog(workspace.Tables.Catalog, CatalogSettings.Of(WorkspaceSettings.Read(settings), workspace.Tables)));
        services.AddSingleton(ReplaySettings.Read(settings));
        services.AddSingleton<ReplayProgress>();
        services.AddHostedService<DatasetReplay>();
    }

    static string Clock(IConfiguration settings)
    {
        var kind = WorkspaceSettings.Text(settings, "Olist:Clock") ?? "wall";
        return PipelineClock.Kinds.Contains(kind) ? kind
            : throw new PipelineException($"Setting Olist:Clock is '{kind}'; expected {string.Join(" or ", PipelineClock.Kinds)}.");
    }
}
