using System.Buffers.Binary;
using Olist.Formats.Columns;
using Olist.Formats.Parquet;
using Olist.Lake.Partitioning;
using Olist.Lake.Schemas;

namespace Olist.Lake.Manifests;

/// <summary>What a manifest says of a Parquet file that was just written.</summary>
static class FileMetrics
{
    /// <param name="fullBounds">Bounds as they are, not truncated: for position delete files, where equal path bounds mean "about this one file".</param>
    public static DataFile Describe(string location, FileContent content, PartitionKey partition, int? sortOrderId, ParquetFileSummary summary, bool fullBounds = false)
    {
        var lower = new Dictionary<int, byte[]>();
        var upper = new Dictionary<int, byte[]>();
        foreach (var column in summary.Columns)
        {
            var type = column.Column.Type;
            if (column.Min is not null && LowerOf(type, column.Min, fullBounds) is { } least) lower[column.Column.FieldId] = least;
            if (column.Max is not null && UpperOf(type, column.Max, fullBounds) is { } most) upper[column.Column.FieldId] = most;
        }
        var nans = summary.Columns.Where(column => column.Column.Type.Kind is TypeKind.Float or TypeKind.Double && column.NanCount is not null)
            .ToDictionary(column => column.Column.FieldId, column => column.NanCount!.Value); // filtered right here
        return new DataFile
        {
            Content = content,
            Path = location,
            Partition = partition,
            RecordCount = summary.RowCount,
            FileBytes = summary.FileBytes,
            ColumnSizes = summary.Columns.ToDictionary(column => column.Column.FieldId, column => column.CompressedBytes),
            ValueCounts = summary.Columns.ToDictionary(column => column.Column.FieldId, column => column.ValueCount),
            NullCounts = summary.Columns.ToDictionary(column => column.Column.FieldId, column => column.NullCount),
            NanCounts = nans.Count == 0 ? null : nans,
            LowerBounds = lower,
            UpperBounds = upper,
            SplitOffsets = summary.SplitOffsets,
            SortOrderId = sortOrderId,
        };
    }

    static byte[]? LowerOf(DataType type, byte[] plain, bool full)
    {
        var value = ZeroSign(type, SingleValue.OfPlain(type, plain), negative: true);
        return value is null || full ? value : BoundTruncation.Lower(type, value);
    }

    static byte[]? UpperOf(DataType type, byte[] plain, bool full)
    {
        var value = ZeroSign(type, SingleValue.OfPlain(type, plain), negative: false);
        return value is null || full ? value : BoundTruncation.Upper(type, value);
    }

    /// <summary>Zero bounds are -0.0 below and +0.0 above, as the two compare equal but are stored apart; NaN is no bound.</summary>
    static byte[]? ZeroSign(DataType type, byte[] value, bool negative)
    {
        if (type.Kind is not (TypeKind.Float or TypeKind.Double)) return value;
        var number = SingleValue.ToDouble(value);
        if (double.IsNaN(number)) return null;
        if (number != 0) return value;
        var zero = new byte[value.Length];
        if (value.Length == 8) BinaryPrimitives.WriteDoubleLittleEndian(zero, negative ? -0.0 : 0.0);
        else BinaryPrimitives.WriteSingleLittleEndian(zero, negative ? -0.0f : 0.0f);
        return zero;
    }
}
