using Olist.Lake;

namespace Olist.Pipeline.Steps.Lineage;

/// <summary>Namespaces and names of datasets and jobs, after OpenLineage's naming conventions (openlineage.io/docs/spec/naming).</summary>
/// <param name="Brokers">The Kafka brokers, <c>host:port</c>, of which the first names the topics; <see langword="null"/> for the built-in log, whose topics are named by its id.</param>
public sealed record LineageNames(string? Brokers = null)
{
    /// <summary>Namespace of all jobs.</summary>
    public const string Jobs = "olist";

    /// <summary>The run of the whole batch layer; the steps are its children.</summary>
    public const string BatchJob = "batch";

    /// <summary>The job that fills a table: <c>batch.gold.fact_order_detail</c>, <c>ingest.bronze.payment</c>, <c>refresh.stream.dim_user_location</c>.</summary>
    public static string JobOf(string table) => table switch
    {
        _ when table.StartsWith("bronze.", StringComparison.Ordinal) => "ingest." + table,
        _ when table.StartsWith("stream.", StringComparison.Ordinal) => "refresh." + table,
        _ => $"{BatchJob}.{table}",
    };

    /// <summary>A table by its location: <c>file</c> and an absolute path, or <c>s3://bucket</c> and a key.</summary>
    public static (string Namespace, string Name) OfTable(LakeTable table) => OfLocation(table.Location);

    internal static (string Namespace, string Name) OfLocation(string location)
    {
        if (!Uri.TryCreate(location, UriKind.Absolute, out var uri) || uri.IsFile) return ("file", uri?.LocalPath ?? location);
        var root = $"{uri.Scheme}://{uri.Authority}";
        return (root, location[root.Length..].TrimStart('/'));
    }

    /// <summary>A topic: <c>kafka://host:port</c>, or <c>olist-log://ID</c> for the built-in log, which the conventions do not know.</summary>
    /// <param name="logId">As the summary entry <c>olist.log</c> has it.</param>
    public string TopicNamespace(string? logId) => Brokers is { } brokers ? $"kafka://{brokers.Split(',')[0].Trim()}" : $"olist-log://{logId}";
}
