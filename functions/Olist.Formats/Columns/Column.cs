namespace Olist.Formats.Columns;

/// <summary>Values of one type, one per row. Immutable once built; arrays may be longer than <see cref="Count"/> and are not copied.</summary>
public abstract class Column
{
    private protected Column(DataType type, int count, byte[]? validity)
    {
        Type = type;
        Count = count;
        Validity = validity;
    }

    public DataType Type { get; }

    /// <summary>Rows, nulls included.</summary>
    public int Count { get; }

    /// <summary>1 where the row has a value and 0 where it is null; <see langword="null"/> when no row is null.</summary>
    public byte[]? Validity { get; }

    public bool IsNull(int row) => Validity is not null && Validity[row] == 0;

    /// <summary>Rows without a value; one pass over <see cref="Validity"/>.</summary>
    public int CountNulls() => Validity is null ? 0 : Validity.AsSpan(0, Count).Count((byte)0);

    /// <summary>What its arrays take, a dictionary included; <see langword="null"/> for nested columns, whose arrays are not counted.</summary>
    public virtual long? MemoryBytes => null;

    /// <summary>A column of the given rows, in that order; row -1 gives a null. Nothing is copied when these are all rows as they are.</summary>
    public Column Gather(ReadOnlySpan<int> rows) => AreAll(rows) ? this : GatherRows(rows);

    private protected abstract Column GatherRows(ReadOnlySpan<int> rows);

    bool AreAll(ReadOnlySpan<int> rows)
    {
        if (rows.Length != Count) return false;
        for (var i = 0; i < rows.Length; i++)
            if (rows[i] != i) return false;
        return true;
    }

    /// <summary>One column of all rows of <paramref name="parts"/>, which have the same type; nothing is copied when only one part has rows.</summary>
    public static Column Concat(IReadOnlyList<Column> parts)
    {
        ArgumentOutOfRangeException.ThrowIfZero(parts.Count);
        var filled = parts.Where(part => part.Count > 0).ToArray();
        if (filled.Length <= 1) return filled.Length == 1 ? filled[0] : parts[0];
        if (CodedColumns.TryConcat(filled) is { } coded) return coded;
        var rows = filled.Sum(part => part.Count);
        var builder = filled[0] is BytesColumn ? new BytesBuilder(parts[0].Type, rows, checked((int)filled.Sum(BytesOf))) : ColumnBuilder.Create(parts[0].Type, rows);
        foreach (var part in filled) builder.AppendRange(part, 0, part.Count);
        return builder.Build();
    }

    /// <summary>Of the values of a plain column of byte strings; how long those of a coded one are is seen as they come.</summary>
    static long BytesOf(Column column) => column is BytesColumn { Codes: null } plain ? plain.Offsets[plain.Count] - plain.Offsets[0] : 0;

    /// <summary>How many of the rows from there on follow each other: a scan that leaves out deleted rows copies what lies between them in one go. 1 for a null.</summary>
    private protected static int RunAt(ReadOnlySpan<int> rows, int at)
    {
        var (first, run) = (rows[at], 1);
        if (first < 0) return 1;
        while (at + run < rows.Length && rows[at + run] == first + run) run++;
        return run;
    }

    /// <summary>The values of the rows; the default for a null.</summary>
    private protected static T[] ValuesAt<T>(T[] values, ReadOnlySpan<int> rows)
    {
        var gathered = new T[rows.Length];
        for (var (i, run) = (0, 0); i < rows.Length; i += run)
        {
            run = RunAt(rows, i);
            if (run > 1) values.AsSpan(rows[i], run).CopyTo(gathered.AsSpan(i));
            else if (rows[i] >= 0) gathered[i] = values[rows[i]];
        }
        return gathered;
    }

    private protected byte[]? GatherValidity(ReadOnlySpan<int> rows)
    {
        if (Validity is null && rows.IndexOfAnyInRange(int.MinValue, -1) < 0) return null;
        byte[]? validity = null;
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] >= 0 && (Validity is null || Validity[rows[i]] != 0)) continue;
            if (validity is null)
            {
                validity = new byte[rows.Length];
                validity.AsSpan().Fill(1);
            }
            validity[i] = 0;
        }
        return validity;
    }
}
