namespace Olist.Formats.Parquet.Metadata;

/// <summary>How values lie in the file.</summary>
enum PhysicalType { Boolean = 0, Int32 = 1, Int64 = 2, Int96 = 3, Float = 4, Double = 5, ByteArray = 6, FixedLengthByteArray = 7 }
