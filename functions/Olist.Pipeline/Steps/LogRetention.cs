using Olist.Pipeline.Model;
using Olist.Streaming.Log;

namespace Olist.Pipeline.Steps;

/// <summary>Which topics of the local log lose what is old.</summary>
/// <remarks>Those whose records are in tables and entities by then. Not those that the stream tables read from their beginning at a start (products, users, places), nor dead letters, which wait for somebody;
/// <c>delivery_status</c> is compacted. A Kafka cluster goes by its own settings.</remarks>
public static class LogRetention
{
    static readonly string[] Directories = ["product_metadata", "olist_user", "geo_coord"];

    public static IReadOnlyList<string> Topics { get; } =
        [.. TableCatalog.BronzeTopics.Concat(TableCatalog.SilverTopics).Select(topic => topic.Name).Except(Directories)];

    internal static LocalLogOptions Of(WorkspaceOptions options) => LocalLogOptions.Default with { RetentionAge = options.LogRetention, IsRetained = Topics.Contains };
}
