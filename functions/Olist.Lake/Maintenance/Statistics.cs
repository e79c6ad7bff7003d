using System.Text.Json.Nodes;

namespace Olist.Lake.Maintenance;

/// <summary>The statistics files that a table's metadata lists; they are other engines', so they are kept, and dropped with their snapshot.</summary>
static class Statistics
{
    static bool IsStatistics(string member) => member is "statistics" or "partition-statistics";

    public static IReadOnlyList<KeyValuePair<string, string>> Without(IReadOnlyList<KeyValuePair<string, string>> members, HashSet<long> snapshots) =>
    [
        .. members.Select(member =>
        {
            if (!IsStatistics(member.Key) || JsonNode.Parse(member.Value) is not JsonArray { Count: > 0 } list) return member;
            list.RemoveAll(item => item?["snapshot-id"]?.GetValue<long>() is { } id && snapshots.Contains(id));
            return KeyValuePair.Create(member.Key, list.ToJsonString());
        }),
    ];

    public static IEnumerable<string> Locations(IReadOnlyList<KeyValuePair<string, string>> members) => members
        .Where(member => IsStatistics(member.Key))
        .SelectMany(member => JsonNode.Parse(member.Value) as JsonArray ?? [])
        .Select(item => item?["statistics-path"]?.GetValue<string>())
        .OfType<string>();
}
