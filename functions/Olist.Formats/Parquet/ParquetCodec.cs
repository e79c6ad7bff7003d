namespace Olist.Formats.Parquet;

/// <summary>How pages are compressed in files that we write.</summary>
public enum ParquetCodec
{
    None = 0,

    /// <summary>Fast; the default.</summary>
    Snappy = 1,

    /// <summary>Smaller and several times slower.</summary>
    Gzip = 2,
}
