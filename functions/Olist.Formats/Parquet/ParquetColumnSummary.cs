using Olist.Formats.Columns;

namespace Olist.Formats.Parquet;

/// <summary>Figures of one column over the whole file.</summary>
/// <param name="Column">The column as it was written.</param>
/// <param name="CompressedBytes">Bytes of its pages in the file, headers included.</param>
/// <param name="ValueCount">Rows, nulls included.</param>
/// <param name="NullCount">Rows without a value.</param>
/// <param name="NanCount">Values that are no number; <see langword="null"/> unless the type is float or double.</param>
/// <param name="Min">The smallest value as a plain Parquet value (numbers little-endian, text as it is, wide decimals as fixed big-endian bytes), whole, never truncated;
/// <see langword="null"/> when there is no value or only NaN. A zero is -0.0.</param>
/// <param name="Max">The largest value, likewise. A zero is +0.0.</param>
public sealed record ParquetColumnSummary(ColumnSchema Column, long CompressedBytes, long ValueCount, long NullCount, long? NanCount, byte[]? Min, byte[]? Max);
