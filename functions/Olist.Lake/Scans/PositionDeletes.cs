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

/// <summary>One position delete file, decoded: deleted rows by data file.</summary>
sealed class PositionDeleteFile
{
    readonly Dictionary<string, List<long>> _byPath = new(StringComparer.Ordinal);

    public PositionDeleteFile(RowBatch rows)
    {
        Count = rows.RowCount;
        var paths = (BytesColumn)rows.Columns[0];
        var positions = ((ValueColumn<long>)rows.Columns[1]).Span;
        List<long>? current = null;
        for (var row = 0; row < positions.Length; row++)
        {
            // Sorted by path, so a path is looked up once per run.
            if (current is null || !SamePath(paths, row))
            {
                var path = System.Text.Encoding.UTF8.GetString(paths[row]);
                if (!_byPath.TryGetValue(path, out current)) _byPath[path] = current = [];
            }
            current.Add(positions[row]);
        }
    }

    /// <summary>The decoded file, kept for the next reader.</summary>
    public static ValueTask<PositionDeleteFile> LoadAsync(TableContext table, DataFile file, CancellationToken cancellationToken) =>
        table.Cache.GetAsync(file.Path, async () => new PositionDeleteFile(await new ParquetFiles(table).ReadAllAsync(file, PositionDeletes.Columns, cancellationToken)), rows => rows.Bytes);

    /// <summary>The decoded file when it has been loaded before, else null.</summary>
    public static PositionDeleteFile? Find(TableContext table, DataFile file) => table.Cache.Find<PositionDeleteFile>(file.Path);

    public int Count { get; }

    /// <summary>What it takes in memory, about.</summary>
    public long Bytes => (16L * Count) + (500L * _byPath.Count);

    static bool SamePath(BytesColumn paths, int row) =>
        paths.Codes is { } codes ? codes[row] == codes[row - 1] : paths[row].SequenceEqual(paths[row - 1]);

    public IReadOnlyDictionary<string, List<long>> ByPath => _byPath;
}
