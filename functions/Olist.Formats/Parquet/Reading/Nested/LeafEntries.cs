using Olist.Formats.Columns;

namespace Olist.Formats.Parquet.Reading.Nested;

/// <summary>One leaf of a nested column as the file has it: an entry per value, null or empty list, with its levels; and the values, dense.</summary>
/// <remarks>How levels are read is told once, here. An entry begins a new item of the list (or map) at repetition level k when its repetition level is at most k and its definition level says that the list has items;
/// the rows of the file are the items at level 0. Levels that contradict this are refused before anybody uses them (<see cref="LeafReader"/>).</remarks>
/// <param name="Path">For errors.</param>
/// <param name="Count">Entries.</param>
/// <param name="Repetitions">One per entry; <see langword="null"/> outside of lists.</param>
/// <param name="Definitions">One per entry; <see langword="null"/> where nothing can be absent.</param>
/// <param name="MaxDefinition">The level at which there is a value.</param>
/// <param name="Values">The values, without nulls; <see langword="null"/> when only the levels were asked for.</param>
sealed record LeafEntries(string Path, int Count, byte[]? Repetitions, byte[]? Definitions, int MaxDefinition, Column? Values)
{
    /// <summary>For each item at <paramref name="level"/>: 1 where the definition level reaches <paramref name="present"/>; <see langword="null"/> when all do.</summary>
    public byte[]? Validity(ItemLevel level, int present, int items)
    {
        if (Definitions is null || present <= level.Definition) return null;
        var validity = GC.AllocateUninitializedArray<byte>(items);
        int item = 0, absent = 0;
        for (var i = 0; i < Count; i++)
        {
            if (!Begins(i, level)) continue;
            var isPresent = Definitions[i] >= present;
            validity[item++] = isPresent ? (byte)1 : (byte)0;
            if (!isPresent) absent++;
        }
        Expect(item, items);
        return absent == 0 ? null : validity;
    }

    /// <summary>For each item at <paramref name="outer"/>, where its items at <paramref name="inner"/> begin; and one end.</summary>
    public int[] Offsets(ItemLevel outer, ItemLevel inner, int items)
    {
        var offsets = GC.AllocateUninitializedArray<int>(items + 1);
        int item = 0, entries = 0;
        for (var i = 0; i < Count; i++)
        {
            if (Begins(i, outer)) offsets[item++] = entries;
            if (Begins(i, inner)) entries++;
        }
        Expect(item, items);
        offsets[items] = entries;
        return offsets;
    }

    /// <summary>Items that have a parent, but are absent themselves.</summary>
    public int CountMissing(ItemLevel level, int parent, int present)
    {
        if (Definitions is null || present <= parent) return 0;
        var missing = 0;
        for (var i = 0; i < Count; i++)
            if (Begins(i, level) && Definitions[i] >= parent && Definitions[i] < present) missing++;
        return missing;
    }

    /// <summary>The values, one row per item of the innermost list; null where there is none.</summary>
    public Column Spread(ItemLevel level, int items)
    {
        if (Values!.Count == items) return Values;
        var rows = GC.AllocateUninitializedArray<int>(items);
        int item = 0, value = 0;
        for (var i = 0; i < Count; i++)
            if (Definitions![i] >= level.Definition) rows[item++] = Definitions[i] == MaxDefinition ? value++ : -1;
        Expect(item, items);
        return Values.Gather(rows);
    }

    bool Begins(int i, ItemLevel level) => (Repetitions is null || Repetitions[i] <= level.Repetition) && (Definitions is null || Definitions[i] >= level.Definition);

    void Expect(int found, int expected)
    {
        if (found != expected) throw new FormatViolationException($"{Path} has {found} items where a column beside it has {expected}");
    }
}

/// <summary>Which items are meant: those of the list at this repetition level (0: the rows), which exist from this definition level on.</summary>
readonly record struct ItemLevel(int Repetition, int Definition);
