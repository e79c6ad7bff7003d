namespace Olist.Formats.Columns;

/// <summary>Puts columns of byte strings together without spelling out what their dictionaries say once.</summary>
static class CodedColumns
{
    /// <summary>One coded column of all rows; <see langword="null"/> when it would not be smaller than a plain one: where most rows are plain, or nearly each has a value of its own.</summary>
    public static BytesColumn? TryConcat(Column[] parts)
    {
        if (parts[0] is not BytesColumn) return null;
        var columns = Array.ConvertAll(parts, part => (BytesColumn)part);
        var rows = columns.Sum(column => (long)column.Count);
        var coded = columns.Where(column => column.Codes is not null).Sum(column => (long)column.Count);
        var entries = columns.Where(column => column.Codes is not null).Select(column => column.Dictionary!).Distinct().Sum(dictionary => (long)dictionary.Count);
        // A dictionary has no null: plain columns with nulls would need their values sorted out first.
        if (coded * 2 < rows || entries * 2 > rows || Array.Exists(columns, column => column.Codes is null && column.Validity is not null)) return null;

        var sources = columns.Select(column => column.Dictionary ?? column).Distinct().ToArray();
        var (dictionary, codeOf) = sources.Length == 1 ? (sources[0], [.. Enumerable.Range(0, sources[0].Count)]) : Merge(sources);
        var codes = new int[rows];
        byte[]? validity = null;
        var filled = 0;
        foreach (var column in columns)
        {
            var own = codes.AsSpan(filled, column.Count);
            var merged = codeOf.AsSpan(StartOf(sources, column.Dictionary ?? column));
            if (column.Codes is null) merged[..own.Length].CopyTo(own);
            else
                for (var row = 0; row < own.Length; row++) own[row] = column.IsNull(row) ? 0 : merged[column.Codes[row]];
            if (column.Validity is { } valid)
            {
                if (validity is null) (validity = new byte[rows]).AsSpan().Fill(1);
                valid.AsSpan(0, column.Count).CopyTo(validity.AsSpan(filled));
            }
            filled += column.Count;
        }
        return new BytesColumn(dictionary, codes, filled, validity);
    }

    /// <summary>Each value once, and the code of each entry of the sources laid end to end.</summary>
    static (BytesColumn Dictionary, int[] CodeOf) Merge(BytesColumn[] sources)
    {
        var all = new BytesBuilder(sources[0].Type, sources.Sum(source => source.Count), sources.Sum(source => source.Offsets[source.Count] - source.Offsets[0]));
        foreach (var source in sources) all.AppendRange(source, 0, source.Count);
        var values = all.Build();
        var (codeOf, first) = new KeyIndex(values).Group();
        return ((BytesColumn)values.Gather(first), codeOf);
    }

    static int StartOf(BytesColumn[] sources, BytesColumn source)
    {
        var start = 0;
        for (var i = 0; !ReferenceEquals(sources[i], source); i++) start += sources[i].Count;
        return start;
    }
}
