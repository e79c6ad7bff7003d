namespace Olist.Formats.Parquet;

/// <summary>What a finished file holds, for the manifest that will list it.</summary>
/// <param name="RowCount">Rows in all row groups.</param>
/// <param name="FileBytes">Length of the file.</param>
/// <param name="SplitOffsets">Where each row group starts.</param>
/// <param name="Columns">One per column of the schema, in its order.</param>
public sealed record ParquetFileSummary(long RowCount, long FileBytes, IReadOnlyList<long> SplitOffsets, IReadOnlyList<ParquetColumnSummary> Columns);
