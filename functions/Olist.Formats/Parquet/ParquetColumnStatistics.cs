using Olist.Formats.Columns;

namespace Olist.Formats.Parquet;

/// <summary>Statistics of one column in one row group; extremes are null when the file does not say, or not reliably.</summary>
/// <param name="Type">What the column is in the file, which is what the extremes are values of; the table's type may be wider.</param>
/// <param name="NullCount">Rows without a value.</param>
/// <param name="Min">A lower bound of the values as a plain Parquet value: numbers, and decimals of up to 18 digits however they are stored, little-endian, by their length; wider decimals as big-endian bytes; text may be cut.</param>
/// <param name="Max">An upper bound of the values, likewise.</param>
public sealed record ParquetColumnStatistics(DataType Type, long? NullCount, byte[]? Min, byte[]? Max);
