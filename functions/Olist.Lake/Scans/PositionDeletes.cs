using System.Text;
using Olist.Formats.Columns;
using Olist.Lake.Manifests;

namespace Olist.Lake.Scans;

/// <summary>The two columns of a position delete file, which the format fixes.</summary>
static class PositionDeletes
{
    public const int PathId = 2_147_483_546;
    public const int PositionId = 2_147_483_545;

    public static IReadOnlyList<ColumnSchema> Columns { get; } =
    [
        new ColumnSchema(PathId, "file_path", DataType.String, Required: true),
        new ColumnSchema(PositionId, "pos", DataType.Long, Required: true),
    ];
}

/// <summary>One position delete file, decoded: deleted rows by data file. Immutable.</summary>
sealed class PositionDeleteFile
{
    readonly Dictionary<string, long[]> _byPath = new(StringComparer.Ordinal);

    public PositionDeleteFile(RowBatch rows)
    {
        var paths = (BytesColumn)rows.Columns[0];
        var positions = ((ValueColumn<long>)rows.Columns[1]).Span;
        // The format wants them sorted by path and position, so there is one run for each path; who did not care has many.
        var runs = new Dictionary<string, List<Range>>(StringComparer.Ordinal);
        for (int start = 0, end; start < positions.Length; start = end)
        {
            end = start + 1;
            while (end < positions.Length && SamePath(paths, end)) end++;
            var path = Encoding.UTF8.GetString(paths[start]);
            if (!runs.TryGetValue(path, out var known)) runs[path] = known = [];
            known.Add(start..end);
        }
        foreach (var (path, found) in runs) _byPath[path] = Join(found, positions);
    }

    /// <summary>The decoded file, kept for the next reader.</summary>
    public static ValueTask<PositionDeleteFile> LoadAsync(TableContext table, DataFile file, CancellationToken cancellationToken) =>
        table.Cache.GetAsync(file.Path, async () => new PositionDeleteFile(await new ParquetFiles(table).ReadAllAsync(file, PositionDeletes.Columns, cancellationToken)), rows => rows.Bytes);

    /// <summary>The decoded file when it has been loaded or written before, else null.</summary>
    public static PositionDeleteFile? Find(TableContext table, DataFile file) => table.Cache.Find<PositionDeleteFile>(file.Path);

    /// <summary>Keeps what was just written, where rows are looked up: the next look-up applies it.</summary>
    public static void KeepWritten(TableContext table, DataFile file, RowBatch rows)
    {
        if (!new KeptColumns(table).IsKeptAsWritten(rows.RowCount)) return;
        var decoded = new PositionDeleteFile(rows);
        table.Cache.Put(file.Path, decoded, decoded.Bytes);
    }

    /// <summary>Positions by path, as the file lists them: ascending and once each if its writer kept to the format.</summary>
    public IReadOnlyDictionary<string, long[]> ByPath => _byPath;

    /// <summary>What it takes in memory, about: of each path the text, its array's head and its place in the dictionary.</summary>
    public long Bytes => _byPath.Sum(pair => (8L * pair.Value.Length) + (2L * pair.Key.Length) + 100);

    static long[] Join(List<Range> runs, ReadOnlySpan<long> positions)
    {
        if (runs.Count == 1) return positions[runs[0]].ToArray();
        var all = new List<long>();
        foreach (var run in runs) all.AddRange(positions[run]);
        return [.. all];
    }

    static bool SamePath(BytesColumn paths, int row) =>
        paths.Codes is { } codes ? codes[row] == codes[row - 1] : paths[row].SequenceEqual(paths[row - 1]);
}
