using Olist.Formats.Columns;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Reading;
using Olist.Formats.Parquet.Reading.Nested;
using Olist.Formats.Parquet.Schema;
using Olist.Formats.Parquet.Statistics;

namespace Olist.Formats.Parquet;

/// <summary>Reads a Parquet file that anybody may have written.</summary>
/// <remarks>Holds the footer only and is safe to use from several threads. Damage of any kind is a <see cref="FormatViolationException"/> that names the file and, where they are known, row group, column and page.</remarks>
public sealed partial class ParquetReader
{
    /// <summary>More rows in one group than anybody writes, and than fit into a batch.</summary>
    const int MaxRowsPerGroup = 1 << 28;

    readonly IRangeReader _source;
    readonly Footer _footer;
    readonly ReadSchema _schema;
    readonly NestedSchema _nested;

    ParquetReader(IRangeReader source, Footer footer)
    {
        _source = source;
        _footer = footer;
        _schema = new ReadSchema(footer.Metadata.Schema);
        _nested = new NestedSchema(footer.Metadata.Schema);
        Columns = ListColumns();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in footer.Metadata.KeyValues) values[key] = value;
        KeyValues = values;
        CheckRowGroups();
    }

    /// <summary>Reads the footer; one request for most files.</summary>
    /// <exception cref="FormatViolationException">It is no Parquet file, or its footer is damaged.</exception>
    public static async ValueTask<ParquetReader> OpenAsync(IRangeReader source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        try
        {
            return new ParquetReader(source, await Footer.ReadAsync(source, cancellationToken));
        }
        catch (FormatViolationException e)
        {
            throw new FormatViolationException($"{source.Name}: {e.Message}", e);
        }
    }

    /// <summary>The columns of the file that can be read, nested ones as a whole; a field id of -1 means that the file has none.</summary>
    public IReadOnlyList<ColumnSchema> Columns { get; }

    /// <summary>Key-value pairs of the footer; of two with the same key, the last.</summary>
    public IReadOnlyDictionary<string, string> KeyValues { get; }

    public long RowCount => _footer.Metadata.RowCount;

    public int RowGroupCount => _footer.Metadata.RowGroups.Count;

    public long RowsIn(int rowGroup) => _footer.Metadata.RowGroups[rowGroup].RowCount;

    /// <summary>What the footer says of a column; <see langword="null"/> when it says nothing or has no such column.</summary>
    public ParquetColumnStatistics? Statistics(int rowGroup, int fieldId)
    {
        foreach (var leaf in _schema.Leaves)
            if (leaf.FieldId == fieldId && leaf.Refusal is null) return StatisticsReader.Read(leaf, ChunkOf(rowGroup, leaf).Statistics, StatisticsReader.IsOrderKnown(leaf, _footer.Metadata));
        return null;
    }

    /// <summary>Rows of one row group in the columns asked for, matched by field id (by name where the file has no ids); a column that the file lacks is null; int widens to long, float to double, decimals to a larger precision.</summary>
    /// <exception cref="FormatViolationException">Damage; or the file can't give what is asked: a required column is missing or has nulls, a type does not fit, a codec is not supported.</exception>
    public async ValueTask<RowBatch> ReadRowGroupAsync(int rowGroup, IReadOnlyList<ColumnSchema> columns, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentOutOfRangeException.ThrowIfNegative(rowGroup);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rowGroup, RowGroupCount);
        if (columns.Any(column => column.Type.IsNested)) return await ReadWithNestedAsync(rowGroup, columns, cancellationToken);
        var rows = (int)RowsIn(rowGroup);
        var leaves = columns.Select(column => FindLeaf(rowGroup, column)).ToArray();
        var ranges = leaves.Select(leaf => leaf is null ? default : RangeOf(rowGroup, leaf)).ToArray();
        using var bytes = await RangeFetcher.FetchAsync(_source, ranges, _footer.Tail, _footer.TailOffset, cancellationToken);
        var decoded = new Column[columns.Count];
        void Decode(int i) => decoded[i] = leaves[i] is { } leaf
            ? DecodeColumn(rowGroup, leaf, columns[i], bytes[ranges[i]], rows)
            : NullColumn.Of(columns[i].Type, rows);
        cancellationToken.ThrowIfCancellationRequested();
        SideBySide.Run(columns.Count, rows, Environment.ProcessorCount, Decode);
        return new RowBatch(columns, decoded, rows);
    }

    ColumnSchema[] ListColumns()
    {
        var flat = _schema.Leaves.Where(leaf => leaf.Group is null && leaf.Element.Repetition != Repetition.Repeated).GetEnumerator();
        var columns = new List<ColumnSchema>();
        foreach (var field in _nested.Fields)
        {
            if (field is { Refusal: null }) columns.Add(field.Column);
            if (field is null && flat.MoveNext() && flat.Current is { Refusal: null } leaf) columns.Add(new ColumnSchema(leaf.FieldId, leaf.Path, leaf.Type!.Value, !leaf.IsOptional));
        }
        return [.. columns];
    }

    /// <summary>The flat columns as ever, the nested ones by their own reader.</summary>
    async ValueTask<RowBatch> ReadWithNestedAsync(int rowGroup, IReadOnlyList<ColumnSchema> columns, CancellationToken cancellationToken)
    {
        var flat = await ReadRowGroupAsync(rowGroup, columns.Where(column => !column.Type.IsNested).ToArray(), cancellationToken);
        var nested = await new NestedReader(_source, _footer, _nested, ChunkOf, RangeOf).ReadAsync(rowGroup, columns.Where(column => column.Type.IsNested).ToArray(), flat.RowCount, cancellationToken);
        int nextFlat = 0, nextNested = 0;
        return new RowBatch(columns, columns.Select(column => column.Type.IsNested ? nested[nextNested++] : flat.Columns[nextFlat++]).ToArray(), flat.RowCount);
    }

    void CheckRowGroups()
    {
        long rows = 0;
        for (var i = 0; i < RowGroupCount; i++)
        {
            var group = _footer.Metadata.RowGroups[i];
            if (group.RowCount is < 0 or > MaxRowsPerGroup) throw new FormatViolationException($"row group {i} says it has {group.RowCount} rows; up to {MaxRowsPerGroup} are read");
            if (group.Columns.Count != _schema.Leaves.Count) throw new FormatViolationException($"row group {i} has {group.Columns.Count} column chunks, the schema {_schema.Leaves.Count} columns");
            rows += group.RowCount;
        }
        if (rows != RowCount) throw new FormatViolationException($"its row groups hold {rows} rows, the footer says {RowCount}");
    }

    LeafColumn? FindLeaf(int rowGroup, ColumnSchema column)
    {
        try
        {
            var leaf = _schema.Find(column);
            if (leaf is null && column.Required) throw new FormatViolationException($"column {column.Name} (field id {column.FieldId}) is required, but not in the file");
            if (leaf is not null && !Conversion.IsAllowed(leaf, column.Type))
                throw new FormatViolationException($"column {leaf.Path} is {leaf.Type} in the file, which can't be read as {column.Type}");
            return leaf;
        }
        catch (FormatViolationException e)
        {
            throw new FormatViolationException($"{_source.Name}: row group {rowGroup}: {e.Message}", e);
        }
    }

    ColumnMetadata ChunkOf(int rowGroup, LeafColumn leaf)
    {
        var chunk = _footer.Metadata.RowGroups[rowGroup].Columns[leaf.Ordinal];
        if (chunk.FilePath is not null) throw At(rowGroup, leaf.Path, new FormatViolationException("its pages are in another file, which is not supported"));
        var column = chunk.Column ?? throw At(rowGroup, leaf.Path, new FormatViolationException("the footer has no metadata for it"));
        return column.Type == leaf.Physical ? column : throw At(rowGroup, leaf.Path, new FormatViolationException($"the schema says {leaf.Physical}, the chunk {column.Type}"));
    }

    /// <summary>All pages of a chunk, dictionary included.</summary>
    ByteRange RangeOf(int rowGroup, LeafColumn leaf)
    {
        var chunk = ChunkOf(rowGroup, leaf);
        var start = chunk.DictionaryPageOffset is > 0 and var dictionary && dictionary < chunk.DataPageOffset ? dictionary : chunk.DataPageOffset;
        if (start < 4 || chunk.CompressedBytes is < 0 or > int.MaxValue || start > _footer.MetadataOffset - chunk.CompressedBytes)
            throw At(rowGroup, leaf.Path, new FormatViolationException($"its pages are at {start} and have {chunk.CompressedBytes} bytes, where data ends at {_footer.MetadataOffset}"));
        return new ByteRange(start, chunk.CompressedBytes);
    }

    Column DecodeColumn(int rowGroup, LeafColumn leaf, ColumnSchema wanted, ReadOnlyMemory<byte> chunk, int rows)
    {
        try
        {
            var metadata = ChunkOf(rowGroup, leaf);
            if (metadata.ValueCount != rows) throw new FormatViolationException($"it has {metadata.ValueCount} values for {rows} rows");
            var decoder = ChunkDecoder.Create(leaf, rows);
            if (_footer.IsSealed) decoder.ExpectedPages = metadata.EncodingCounts;
            var column = Conversion.Apply(decoder.Decode(chunk.Span, metadata.Codec), leaf, wanted.Type);
            if (wanted.Required && column.CountNulls() is > 0 and var nulls) throw new FormatViolationException($"it is required, but {nulls} rows have no value");
            return column;
        }
        catch (Exception e) when (e is FormatViolationException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw At(rowGroup, leaf.Path, e);
        }
    }

    FormatViolationException At(int rowGroup, string column, Exception e) => new($"{_source.Name}: row group {rowGroup}, column {column}: {e.Message}", e);
}
