using Olist.Formats.Columns;

namespace Olist.Formats.Parquet;

/// <summary>Statistics of one column in one row group; bytes as in the file, null when the file does not say.</summary>
public sealed record ParquetColumnStatistics(long? NullCount, byte[]? Min, byte[]? Max);

public sealed class ParquetReader
{
    public static ValueTask<ParquetReader> OpenAsync(IRangeReader source, CancellationToken cancellationToken) => throw new NotImplementedException();
    /// <summary>The flat columns of the file; a field id of -1 means that the file has none.</summary>
    public IReadOnlyList<ColumnSchema> Columns => throw new NotImplementedException();
    public IReadOnlyDictionary<string, string> KeyValues => throw new NotImplementedException();
    public long RowCount => throw new NotImplementedException();
    public int RowGroupCount => throw new NotImplementedException();
    public long RowsIn(int rowGroup) => throw new NotImplementedException();
    public ParquetColumnStatistics? Statistics(int rowGroup, int fieldId) => throw new NotImplementedException();
    /// <summary>Rows of one row group in the columns asked for, matched by field id (by name where the file has no ids); a column that the file lacks is null; int widens to long, float to double, decimals to a larger precision.</summary>
    public ValueTask<RowBatch> ReadRowGroupAsync(int rowGroup, IReadOnlyList<ColumnSchema> columns, CancellationToken cancellationToken) => throw new NotImplementedException();
    /// <summary>False only when the bloom filter of the column says that no row of the group has this plain value; true without a filter.</summary>
    public ValueTask<bool> MayContainAsync(int rowGroup, int fieldId, ReadOnlyMemory<byte> plainValue, CancellationToken cancellationToken) => throw new NotImplementedException();
}
