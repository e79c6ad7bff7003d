namespace Olist.Formats.Columns;

/// <summary>A column of maps: the keys of all rows in one column and their values in another, in the order of the file. Keys are never null; that no key comes twice in a row is the writer's promise.</summary>
public sealed class MapColumn(DataType type, int[] offsets, Column keys, Column values, int count, byte[]? validity = null) : RepeatedColumn(type, offsets, count, validity)
{
    public Column Keys { get; } = keys;
    public Column Values { get; } = values;

    private protected override Column GatherRows(ReadOnlySpan<int> rows)
    {
        var (offsets, entries) = GatherEntries(rows);
        return new MapColumn(Type, offsets, Keys.Gather(entries), Values.Gather(entries), rows.Length, GatherValidity(rows));
    }
}
