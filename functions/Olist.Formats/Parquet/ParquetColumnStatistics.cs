namespace Olist.Formats.Parquet;

/// <summary>Statistics of one column in one row group; bytes as in the file, null when the file does not say.</summary>
/// <param name="NullCount">Rows without a value.</param>
/// <param name="Min">A lower bound of the values as a plain Parquet value; text may be cut.</param>
/// <param name="Max">An upper bound of the values, likewise.</param>
public sealed record ParquetColumnStatistics(long? NullCount, byte[]? Min, byte[]? Max);
