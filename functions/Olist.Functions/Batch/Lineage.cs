using Microsoft.Extensions.Configuration;
using Olist.Pipeline;
using Olist.Pipeline.Queries.Lineage;
using Olist.Pipeline.Steps;
using Olist.Pipeline.Steps.Lineage;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Functions.Batch;

/// <summary>What tells of runs, as the settings want it: always into the lake, and to <c>Olist:Lineage:Url</c> when there is one.</summary>
static partial class Lineage
{
    const string UrlSetting = "Olist:Lineage:Url";

    public static void AddTo(IServiceCollection services, LakeTables lake, IConfiguration settings, TimeProvider time)
    {
        var names = new LineageNames(WorkspaceSettings.Text(settings, "Kafka:BrokerList") is { } brokers and not Defaults.LocalBroker ? brokers : null);
        services.AddSingleton(new LineageLog(lake.Catalog.Store));
        services.AddSingleton(new LineageGraph(lake, names));
        if (EndpointOf(settings) is not { } endpoint)
        {
            services.AddSingleton(new RunRecorder(lake, names));
            return;
        }
        services.AddSingleton(provider =>
        {
            var logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger("Olist.Functions.Lineage");
            return new LineageHttp(new HttpClient { Timeout = TimeSpan.FromSeconds(10) }, endpoint, time, problem => LogNotSent(logger, problem));
        });
        services.AddSingleton(provider => new RunRecorder(lake, names, provider.GetRequiredService<LineageHttp>().Offer));
    }

    /// <exception cref="PipelineException">It is no address.</exception>
    static Uri? EndpointOf(IConfiguration settings) => WorkspaceSettings.Text(settings, UrlSetting) switch
    {
        null => null,
        var text when Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https") => address,
        var text => throw new PipelineException($"Setting {UrlSetting} is '{text}'; expected the whole address of an OpenLineage endpoint, such as http://127.0.0.1:5000/api/v1/lineage."),
    };

    [LoggerMessage(EventId = 5103, Level = LogLevel.Warning, Message = "{Problem}")]
    static partial void LogNotSent(ILogger logger, string problem);
}
