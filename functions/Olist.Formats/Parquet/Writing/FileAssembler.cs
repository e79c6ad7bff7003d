using Olist.Formats.Checksums;
using Olist.Formats.Columns;
using Olist.Formats.Parquet.Indexes;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Schema;
using Olist.Formats.Parquet.Statistics;
using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Parquet.Writing;

/// <summary>Puts encoded chunks one behind the other and remembers where everything is: magic, row groups (each with its bloom filters), column indexes, offset indexes, footer.</summary>
sealed class FileAssembler(Stream output, IReadOnlyList<ColumnSchema> schema, ParquetWriterOptions options) : IDisposable
{
    public const string CreatedBy = "olist-functions version 1.0.0 (build olist)";

    static readonly byte[] Magic = "PAR1"u8.ToArray();

    readonly ChunkEncoder[] _encoders = schema.Select(column => ChunkEncoder.Create(column, options)).ToArray();
    readonly ValueStatistics[] _statistics = new ValueStatistics[schema.Count];
    readonly long[] _compressedBytes = new long[schema.Count];
    readonly List<RowGroupMetadata> _groups = [];
    readonly List<IReadOnlyList<EncodedPage>[]> _pages = [];
    readonly ByteBuffer _scratch = new();
    readonly PartChecksums _checksums = new();
    long _position;
    long _rowCount;

    /// <summary>Encodes and writes one row group; there is one list of runs per column.</summary>
    public async ValueTask WriteRowGroupAsync(IReadOnlyList<IReadOnlyList<ColumnRun>> columns, CancellationToken cancellationToken)
    {
        if (_position == 0) await WriteAsync(Magic, cancellationToken);
        var rows = columns.Count == 0 ? 0 : columns[0].Sum(run => (long)run.Count);
        var chunks = Encode(columns, rows);
        var start = _position;
        var written = new ColumnChunkMetadata[chunks.Length];
        for (var i = 0; i < chunks.Length; i++)
        {
            written[i] = new ColumnChunkMetadata(Describe(i, chunks[i], rows));
            await WriteAsync(chunks[i].Dictionary, cancellationToken);
            await WriteAsync(chunks[i].Pages, cancellationToken);
            _statistics[i] = _statistics[i].Merge(chunks[i].Statistics, schema[i].Type);
            _compressedBytes[i] += chunks[i].CompressedBytes;
        }
        for (var i = 0; i < chunks.Length; i++)
            if (chunks[i].BloomFilter is { } filter) written[i] = await WriteBloomFilterAsync(written[i], filter, cancellationToken);
        _pages.Add(chunks.Select(chunk => (IReadOnlyList<EncodedPage>)chunk.PageList.ToArray()).ToArray());
        _groups.Add(new RowGroupMetadata(written)
        {
            RowCount = rows,
            FileOffset = start,
            UncompressedBytes = chunks.Sum(chunk => (long)chunk.UncompressedBytes),
            CompressedBytes = chunks.Sum(chunk => (long)chunk.CompressedBytes),
            Ordinal = _groups.Count <= short.MaxValue ? (short)_groups.Count : null,
        });
        _rowCount += rows;
    }

    /// <summary>Writes page indexes and footer.</summary>
    public async ValueTask<ParquetFileSummary> CompleteAsync(CancellationToken cancellationToken)
    {
        if (_position == 0) await WriteAsync(Magic, cancellationToken);
        WriteIndexes();
        var metadataStart = _scratch.Length;
        new FileMetadata
        {
            Schema = WrittenSchema.Of(schema),
            RowCount = _rowCount,
            RowGroups = _groups,
            KeyValues = [.. options.KeyValues, _checksums.ToKeyValue(_groups), new(SelfChecksum.Name, SelfChecksum.Placeholder)],
            CreatedBy = CreatedBy,
            ColumnOrderCount = schema.Count,
        }.Write(new ThriftWriter(_scratch));
        SelfChecksum.Seal(_scratch.From(metadataStart), PartChecksums.FooterMarker);
        _scratch.WriteInt32(_scratch.Length - metadataStart);
        _scratch.Write(Magic);
        await WriteAsync(_scratch.Memory, cancellationToken);
        await output.FlushAsync(cancellationToken);
        var columns = schema.Select((column, i) => new ParquetColumnSummary(column, _compressedBytes[i], _rowCount, _statistics[i].NullCount,
            column.Type.Kind is TypeKind.Float or TypeKind.Double ? _statistics[i].NanCount : null, _statistics[i].Min, _statistics[i].Max));
        return new ParquetFileSummary(_rowCount, _position, _groups.Select(group => group.FileOffset!.Value).ToArray(), columns.ToArray());
    }

    EncodedChunk[] Encode(IReadOnlyList<IReadOnlyList<ColumnRun>> columns, long rows)
    {
        var chunks = new EncodedChunk[columns.Count];
        SideBySide.Run(columns.Count, rows, options.MaxParallelism, i => chunks[i] = _encoders[i].Encode(columns[i]));
        return chunks;
    }

    ColumnMetadata Describe(int index, EncodedChunk chunk, long rows)
    {
        var column = schema[index];
        var (nulls, nans, min, max) = chunk.Statistics;
        var hasDictionary = chunk.Dictionary.Length > 0;
        var lower = BoundTruncation.Lower(column.Type, min, out var isLowerExact);
        var upper = BoundTruncation.Upper(column.Type, max, out var isUpperExact);
        var encodings = chunk.EncodingCounts.Select(count => count.Encoding).Distinct().ToList();
        if (!column.Required) encodings.Add(PageEncoding.Rle);
        return new ColumnMetadata
        {
            Type = WrittenSchema.PhysicalTypeOf(column.Type),
            Encodings = encodings,
            Path = [column.Name],
            Codec = (CompressionCodec)options.Codec,
            ValueCount = rows,
            UncompressedBytes = chunk.UncompressedBytes,
            CompressedBytes = chunk.CompressedBytes,
            DictionaryPageOffset = hasDictionary ? _position : null,
            DataPageOffset = _position + chunk.Dictionary.Length,
            EncodingCounts = chunk.EncodingCounts,
            Statistics = new StatisticsMetadata
            {
                NullCount = nulls,
                NanCount = column.Type.Kind is TypeKind.Float or TypeKind.Double ? nans : null,
                Min = lower,
                Max = upper,
                IsMinExact = lower is null ? null : isLowerExact,
                IsMaxExact = upper is null ? null : isUpperExact,
            },
        };
    }

    async ValueTask<ColumnChunkMetadata> WriteBloomFilterAsync(ColumnChunkMetadata chunk, byte[] filter, CancellationToken cancellationToken)
    {
        var offset = _position;
        _scratch.Truncate();
        BloomFilter.WriteHeader(filter.Length, _scratch);
        _scratch.Write(filter);
        _checksums.Add(offset, _scratch.Span);
        await WriteAsync(_scratch.Memory, cancellationToken);
        return chunk with { Column = chunk.Column! with { BloomFilterOffset = offset, BloomFilterBytes = (int)(_position - offset) } };
    }

    /// <summary>Both kinds of index into the scratch buffer, whose start is the present end of the file.</summary>
    void WriteIndexes()
    {
        _scratch.Truncate();
        ForEachChunk((chunk, pages, column) =>
        {
            var start = _scratch.Length;
            if (!PageIndexWriter.TryWriteColumnIndex(pages, column.Type, _scratch)) return chunk;
            _checksums.Add(_position + start, _scratch.From(start));
            return chunk with { ColumnIndexOffset = _position + start, ColumnIndexBytes = _scratch.Length - start };
        });
        ForEachChunk((chunk, pages, _) =>
        {
            var start = _scratch.Length;
            PageIndexWriter.WriteOffsetIndex(pages, chunk.Column!.DataPageOffset, _scratch);
            _checksums.Add(_position + start, _scratch.From(start));
            return chunk with { OffsetIndexOffset = _position + start, OffsetIndexBytes = _scratch.Length - start };
        });
    }

    void ForEachChunk(Func<ColumnChunkMetadata, IReadOnlyList<EncodedPage>, ColumnSchema, ColumnChunkMetadata> change)
    {
        for (var group = 0; group < _groups.Count; group++)
        {
            var columns = new ColumnChunkMetadata[schema.Count];
            for (var i = 0; i < columns.Length; i++) columns[i] = change(_groups[group].Columns[i], _pages[group][i], schema[i]);
            _groups[group] = _groups[group] with { Columns = columns };
        }
    }

    async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (bytes.Length == 0) return;
        await output.WriteAsync(bytes, cancellationToken);
        _position += bytes.Length;
    }

    public void Dispose()
    {
        foreach (var encoder in _encoders) encoder.Dispose();
        _scratch.Dispose();
    }
}
