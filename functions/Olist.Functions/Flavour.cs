using Olist.Pipeline.Steps;
using Olist.Streaming;
#if !AZURE_HOST
using Olist.FunctionsHost.Hosting;
#endif

namespace Olist.Functions;

/// <summary>What the app and its host have between them beside the functions themselves. What the app tells the host, the official one takes from host.json and its own settings.</summary>
static class Flavour
{
#if AZURE_HOST
    public static void Configure(FunctionsApplicationBuilder builder, Workspace workspace) => _ = (builder, workspace);

    public static bool IsStartupError(Exception exception) => false;

    public static ConsumedRecord ToConsumed(KafkaRecord record) =>
        new(record.Topic, record.Partition, record.Offset, record.Timestamp.UnixTimestampMs, record.Key, record.Value, record.Value is null, []);
#else
    public static void Configure(FunctionsApplicationBuilder builder, Workspace workspace) =>
        builder.ConfigureEmbeddedHost(options =>
        {
            options.StateFolder = Path.Combine(workspace.State.Folder, "host");
            options.Assemblies.Add(typeof(Flavour).Assembly);
        });

    public static bool IsStartupError(Exception exception) => exception is FunctionsHostException;

    public static ConsumedRecord ToConsumed(KafkaRecord record) => record.ToConsumedRecord();
#endif
}
