using Olist.Formats.Columns;

namespace Olist.Formats.Parquet;

public enum ParquetCodec { None = 0, Snappy = 1, Gzip = 2 }

/// <summary>How files are written; the defaults are what every listed reader takes.</summary>
public sealed record ParquetWriterOptions
{
    public ParquetCodec Codec { get; init; } = ParquetCodec.Snappy;
    /// <summary>A row group is closed when its columns hold about this many bytes before compression.</summary>
    public long RowGroupBytes { get; init; } = 64L << 20;
    public int PageBytes { get; init; } = 1 << 20;
    public int PageRows { get; init; } = 20_000;
    public int DictionaryBytes { get; init; } = 1 << 20;
    /// <summary>Names of columns that get a bloom filter.</summary>
    public IReadOnlySet<string> BloomFilterColumns { get; init; } = new HashSet<string>();
    /// <summary>Footer key-value pairs, such as <c>iceberg.schema</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> KeyValues { get; init; } = [];
}

/// <summary>What a finished file holds, for the manifest that will list it.</summary>
public sealed record ParquetFileSummary(long RowCount, long FileBytes, IReadOnlyList<long> SplitOffsets, IReadOnlyList<ParquetColumnSummary> Columns);

/// <summary>Figures of one column over the whole file. <c>Min</c> and <c>Max</c> are plain Parquet values (numbers little-endian, text as it is), whole, never truncated; null when there is no value.</summary>
public sealed record ParquetColumnSummary(ColumnSchema Column, long CompressedBytes, long ValueCount, long NullCount, long? NanCount, byte[]? Min, byte[]? Max);

public sealed class ParquetWriter : IAsyncDisposable
{
    public ParquetWriter(Stream output, IReadOnlyList<ColumnSchema> schema, ParquetWriterOptions? options = null) => throw new NotImplementedException();
    public ValueTask WriteAsync(RowBatch batch, CancellationToken cancellationToken) => throw new NotImplementedException();
    public ValueTask<ParquetFileSummary> CompleteAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
