using System.Globalization;
using System.Text;
using Olist.Formats.Columns;
using Olist.Formats.Parquet;
using Olist.Lake.Manifests;
using Olist.Lake.Partitioning;
using Olist.Lake.Scans;
using Olist.Storage;

namespace Olist.Lake.Commits;

/// <summary>Writes position delete files: one per spec and partition of the data files that lose rows, sorted by path and position.</summary>
sealed class PositionDeleteWriter(TableContext table, string operation, WrittenFiles written)
{
    /// <returns>The files with the spec of the data files that they are about.</returns>
    public async ValueTask<List<AddedFile>> WriteAsync(RowPositions positions, CancellationToken cancellationToken)
    {
        var files = new List<AddedFile>();
        var byPartition = Enumerable.Range(0, positions.Files.Count).GroupBy(file => (positions.Files[file].SpecId, positions.Files[file].Partition));
        var rowsByFile = new List<long>[positions.Files.Count];
        for (var i = 0; i < positions.Count; i++) (rowsByFile[positions.FileOf[i]] ??= []).Add(positions.Rows[i]);
        foreach (var group in byPartition)
        {
            var touched = group.Where(file => rowsByFile[file] is not null).OrderBy(file => positions.Files[file].Path, Utf8Order.Instance).ToArray();
            if (touched.Length > 0)
                files.Add(new AddedFile(group.Key.SpecId, await WriteFileAsync(group.Key.Partition, [.. touched.Select(file => (positions.Files[file].Path, rowsByFile[file]))], files.Count + 1, cancellationToken)));
        }
        return files;
    }

    async ValueTask<DataFile> WriteFileAsync(PartitionKey partition, IReadOnlyList<(string Path, List<long> Rows)> deletes, int number, CancellationToken cancellationToken)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{table.Files.Locations.TableKey}/data/00000-0-{operation}-{number:d5}-deletes.parquet");
        written.Add(key);
        await using var output = await table.Store.OpenWriteAsync(key, cancellationToken);
        await using var parquet = new ParquetWriter(output, PositionDeletes.Columns, new ParquetWriterOptions { KeyValues = [new("delete-type", "position")] });
        var rows = ToBatch(deletes);
        await parquet.WriteAsync(rows, cancellationToken);
        var summary = await parquet.CompleteAsync(cancellationToken);
        await output.CompleteAsync(cancellationToken);
        var file = FileMetrics.Describe(table.Files.Locations.LocationOf(key), FileContent.PositionDeletes, partition, sortOrderId: null, summary, fullBounds: true);
        PositionDeleteFile.KeepWritten(table, file, rows);
        return deletes.Count == 1 ? file with { ReferencedDataFile = deletes[0].Path } : file;
    }

    static RowBatch ToBatch(IReadOnlyList<(string Path, List<long> Rows)> deletes)
    {
        var codes = new List<int>();
        var positions = new List<long>();
        for (var file = 0; file < deletes.Count; file++)
        {
            var rows = deletes[file].Rows;
            rows.Sort();
            for (var i = 0; i < rows.Count; i++)
            {
                if (i > 0 && rows[i] == rows[i - 1]) continue;
                codes.Add(file);
                positions.Add(rows[i]);
            }
        }
        Column[] columns =
        [
            new BytesColumn(BytesColumn.Of([.. deletes.Select(delete => delete.Path)]), [.. codes], codes.Count),
            new ValueColumn<long>(DataType.Long, [.. positions], positions.Count),
        ];
        return new RowBatch(PositionDeletes.Columns, columns, codes.Count);
    }

    /// <summary>The order of bytes, which the format sorts by; that of .NET strings differs beyond the basic plane.</summary>
    sealed class Utf8Order : IComparer<string>
    {
        public static Utf8Order Instance { get; } = new();

        public int Compare(string? x, string? y) => Encoding.UTF8.GetBytes(x ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y ?? ""));
    }
}
