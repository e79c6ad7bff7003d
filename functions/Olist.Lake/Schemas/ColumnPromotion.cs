using Olist.Formats.Columns;

namespace Olist.Lake.Schemas;

/// <summary>Values of a type as values of the wider type that their column has by now: writers and look-ups that do not know yet that it was widened go on.</summary>
static class ColumnPromotion
{
    /// <summary>The column in the wanted type; null when its type does not widen to that.</summary>
    public static Column? TryPromote(Column column, DataType wanted)
    {
        if (column.Type == wanted) return column;
        if (!TypePromotion.Widens(column.Type, wanted)) return null;
        switch (column)
        {
            case ValueColumn<int> ints:
                return new ValueColumn<long>(wanted, Array.ConvertAll(ints.Values, value => (long)value), ints.Count, ints.Validity);
            case ValueColumn<float> floats:
                return new ValueColumn<double>(wanted, Array.ConvertAll(floats.Values, value => (double)value), floats.Count, floats.Validity);
            case ValueColumn<long> longs when wanted.Storage == StorageKind.Long:
                return new ValueColumn<long>(wanted, longs.Values, longs.Count, longs.Validity);
            default:
                // Narrow decimals lie as numbers, wide ones as bytes.
                var builder = (BytesBuilder)ColumnBuilder.Create(wanted, Math.Max(column.Count, 1));
                for (var row = 0; row < column.Count; row++)
                {
                    if (SingleValue.Of(column, row) is { } value) builder.Append(value);
                    else builder.AppendNull();
                }
                return builder.Build();
        }
    }
}
