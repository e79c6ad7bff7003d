namespace Olist.Formats.Parquet;

/// <summary>Some rows of one row group: ranges in order that neither overlap nor touch. Immutable.</summary>
public sealed class RowRanges
{
    RowRanges(IReadOnlyList<RowRange> ranges)
    {
        Ranges = ranges;
        foreach (var range in ranges) Count += range.Count;
    }

    public static RowRanges None { get; } = new([]);

    public IReadOnlyList<RowRange> Ranges { get; }

    /// <summary>Rows in all ranges.</summary>
    public int Count { get; }

    /// <summary>The first <paramref name="rowCount"/> rows, which are all of a group that has so many.</summary>
    public static RowRanges All(int rowCount) => rowCount == 0 ? None : new([new RowRange(0, rowCount)]);

    /// <summary>Ranges in order; those that touch become one, empty ones nothing.</summary>
    /// <exception cref="ArgumentException">They are not in order, or overlap.</exception>
    public static RowRanges Of(params IEnumerable<RowRange> ranges)
    {
        var kept = new List<RowRange>();
        foreach (var range in ranges)
        {
            if (range.Count < 0 || range.First < (kept.Count == 0 ? 0 : kept[^1].EndExcl)) throw new ArgumentException($"Rows {range.First} to {range.EndExcl} do not follow what is before them.", nameof(ranges));
            if (kept.Count > 0 && kept[^1].EndExcl == range.First) kept[^1] = kept[^1] with { EndExcl = range.EndExcl };
            else if (range.Count > 0) kept.Add(range);
        }
        return new RowRanges(kept);
    }

    /// <summary>Single rows, each greater than the one before.</summary>
    public static RowRanges OfRows(ReadOnlySpan<int> rows)
    {
        var ranges = new List<RowRange>();
        for (var i = 0; i < rows.Length;)
        {
            var start = i++;
            while (i < rows.Length && rows[i] == rows[i - 1] + 1) i++;
            ranges.Add(new RowRange(rows[start], rows[i - 1] + 1));
        }
        return Of(ranges);
    }

    /// <summary>Rows that are in both.</summary>
    public RowRanges Intersect(RowRanges other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var both = new List<RowRange>();
        for (int i = 0, j = 0; i < Ranges.Count && j < other.Ranges.Count;)
        {
            var (left, right) = (Ranges[i], other.Ranges[j]);
            var range = new RowRange(Math.Max(left.First, right.First), Math.Min(left.EndExcl, right.EndExcl));
            if (range.Count > 0) both.Add(range);
            if (left.EndExcl < right.EndExcl) i++;
            else j++;
        }
        return new RowRanges(both);
    }

    /// <summary>Row numbers of what was read by these ranges: of the given places (0 is the first row of the first range), which are in order.</summary>
    public int[] RowsAt(ReadOnlySpan<int> places)
    {
        var rows = new int[places.Length];
        int range = 0, before = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            while (places[i] - before >= Ranges[range].Count) before += Ranges[range++].Count;
            rows[i] = Ranges[range].First + places[i] - before;
        }
        return rows;
    }
}
