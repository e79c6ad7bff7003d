namespace Olist.Formats.Parquet;

/// <summary>How files are written; the defaults are what every listed reader takes.</summary>
public sealed record ParquetWriterOptions
{
    public ParquetCodec Codec { get; init; } = ParquetCodec.Snappy;

    /// <summary>A row group is closed when its columns hold about this many bytes before compression; also about what a writer keeps in memory, and a reader for each group that it decodes ahead. Default 16 MiB: dictionaries of ids stay below their limit, and both cores have something to do from 32 MiB on.</summary>
    public long RowGroupBytes { get; init; } = 16L << 20;

    /// <summary>A page is closed at this many bytes of values. Default 1 MiB.</summary>
    public int PageBytes { get; init; } = 1 << 20;

    /// <summary>A page is closed at this many rows, which bounds what a look-up by page index must read. Default 20,000.</summary>
    public int PageRows { get; init; } = 20_000;

    /// <summary>A chunk whose dictionary grows beyond this many bytes goes on without one. Default 1 MiB.</summary>
    public int DictionaryBytes { get; init; } = 1 << 20;

    /// <summary>Threads that encode the columns of a large row group; small ones are encoded on the caller's thread. Default: one per processor.</summary>
    public int MaxParallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>Names of columns that get a bloom filter, for looking up single values. Booleans, binary and fixed columns get none: a widespread reader would lose rows by it.</summary>
    public IReadOnlySet<string> BloomFilterColumns { get; init; } = new HashSet<string>();

    /// <summary>How many values that a row group does not have may seem to be there by its bloom filters, as a share between 0 and 1; filters are rounded up to a power of two of bytes. Default 0.01.</summary>
    public double BloomFilterFalsePositives { get; init; } = 0.01;

    /// <summary>Footer key-value pairs, such as <c>iceberg.schema</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> KeyValues { get; init; } = [];
}
