namespace Olist.Formats.Columns;

/// <summary>A column of lists: the elements of all rows in one column.</summary>
public sealed class ListColumn(DataType type, int[] offsets, Column elements, int count, byte[]? validity = null) : RepeatedColumn(type, offsets, count, validity)
{
    public Column Elements { get; } = elements;

    private protected override Column GatherRows(ReadOnlySpan<int> rows)
    {
        var (offsets, entries) = GatherEntries(rows);
        return new ListColumn(Type, offsets, Elements.Gather(entries), rows.Length, GatherValidity(rows));
    }
}
