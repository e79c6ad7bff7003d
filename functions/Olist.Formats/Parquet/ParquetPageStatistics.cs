using Olist.Formats.Columns;

namespace Olist.Formats.Parquet;

/// <summary>What the page index says of one page of a column.</summary>
/// <param name="Rows">The rows that lie in it.</param>
/// <param name="Type">What the column is in the file, as <see cref="ParquetColumnStatistics.Type"/>.</param>
/// <param name="NullCount">How many of them are null; unknown where the writer left it out.</param>
/// <param name="Min">Not above any value of the page, as <see cref="ParquetColumnStatistics.Min"/>; null when unknown, and when all rows are null.</param>
/// <param name="Max">Not below any value of the page.</param>
public sealed record ParquetPageStatistics(RowRange Rows, DataType Type, long? NullCount, byte[]? Min, byte[]? Max)
{
    /// <summary>No row of the page has a value.</summary>
    public bool IsAllNull => NullCount == Rows.Count;
}
