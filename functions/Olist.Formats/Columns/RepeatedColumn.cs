namespace Olist.Formats.Columns;

/// <summary>A column whose rows hold any number of entries each: row i has entries <c>Offsets[i]</c> to <c>Offsets[i + 1] - 1</c>. A null row has none, but a row without entries need not be null.</summary>
public abstract class RepeatedColumn : Column
{
    private protected RepeatedColumn(DataType type, int[] offsets, int count, byte[]? validity) : base(type, count, validity)
    {
        if (offsets.Length <= count) throw new ArgumentException($"{offsets.Length} offsets for {count} rows.", nameof(offsets));
        Offsets = offsets;
    }

    /// <summary>Starts of the rows among the entries, from 0 on, and one end.</summary>
    public int[] Offsets { get; }

    /// <summary>Entries of one row.</summary>
    public int LengthOf(int row) => Offsets[row + 1] - Offsets[row];

    /// <summary>Offsets of the given rows when they lie one behind the other, and the entries they take in turn.</summary>
    private protected (int[] Offsets, int[] Entries) GatherEntries(ReadOnlySpan<int> rows)
    {
        var offsets = new int[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++) offsets[i + 1] = checked(offsets[i] + (rows[i] < 0 ? 0 : LengthOf(rows[i])));
        var entries = GC.AllocateUninitializedArray<int>(offsets[rows.Length]);
        for (var i = 0; i < rows.Length; i++)
            for (var at = offsets[i]; at < offsets[i + 1]; at++) entries[at] = Offsets[rows[i]] + at - offsets[i];
        return (offsets, entries);
    }
}
