using Olist.Formats.Columns;

namespace Olist.Formats.Parquet.Reading;

/// <summary>A column that a file lacks, because it is older than the column.</summary>
static class NullColumn
{
    public static Column Of(DataType type, int rows)
    {
        var validity = new byte[rows];
        return type.Storage switch
        {
            StorageKind.Boolean => new ValueColumn<byte>(type, new byte[rows], rows, validity),
            StorageKind.Int => new ValueColumn<int>(type, new int[rows], rows, validity),
            StorageKind.Long => new ValueColumn<long>(type, new long[rows], rows, validity),
            StorageKind.Float => new ValueColumn<float>(type, new float[rows], rows, validity),
            StorageKind.Double => new ValueColumn<double>(type, new double[rows], rows, validity),
            StorageKind.Struct => new StructColumn(type, type.Children.Select(field => Of(field.Type, rows)).ToArray(), rows, validity),
            StorageKind.List => new ListColumn(type, new int[rows + 1], Of(type.Children[0].Type, 0), rows, validity),
            StorageKind.Map => new MapColumn(type, new int[rows + 1], Of(type.Children[0].Type, 0), Of(type.Children[1].Type, 0), rows, validity),
            _ => new BytesColumn(type, new int[rows + 1], [], rows, validity),
        };
    }
}
