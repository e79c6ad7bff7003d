using System.Globalization;
using Olist.Lake;

namespace Olist.Pipeline.Steps.Tables;

/// <summary>How many live rows a table has, from its snapshot summary: nothing is read.</summary>
public static class RowCounts
{
    /// <summary>Records less position deletes; exact, as this project's tables have no equality deletes.</summary>
    public static long Of(LakeTable table) => table.Current is { } head ? Total(head, "total-records") - Total(head, "total-position-deletes") : 0;

    static long Total(LakeSnapshot snapshot, string key) =>
        snapshot.Summary.TryGetValue(key, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
}
