namespace Olist.Formats.Parquet.Metadata;

/// <summary>Every codec that the format knows; those that are read here are in <see cref="Pages.PageDecompressor"/>.</summary>
enum CompressionCodec { None = 0, Snappy = 1, Gzip = 2, Lzo = 3, Brotli = 4, Lz4 = 5, Zstd = 6, Lz4Raw = 7 }
