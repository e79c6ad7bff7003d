using Olist.Formats.Columns;

namespace Olist.Formats.Tests.Parquet;

/// <summary>Compares batches row by row, bit by bit, whatever their layouts.</summary>
static class BatchAssert
{
    public static void Equal(RowBatch expected, RowBatch actual)
    {
        Assert.Equal(expected.RowCount, actual.RowCount);
        Assert.Equal(expected.Schema, actual.Schema);
        for (var i = 0; i < expected.Columns.Count; i++)
        {
            Assert.Equal(expected.Schema[i].Type, actual.Columns[i].Type);
            for (var row = 0; row < expected.RowCount; row++)
            {
                var (left, right) = (Value(expected.Columns[i], row), Value(actual.Columns[i], row));
                if (left != right) Assert.Fail($"Column {expected.Schema[i].Name}, row {row}: {left} was written, {right} was read.");
            }
        }
    }

    /// <summary>Bits of a value, so that NaN equals itself and both zeros differ.</summary>
    public static string Value(Column column, int row) => column.IsNull(row) ? "null" : column switch
    {
        ValueColumn<byte> flags => flags[row].ToString(),
        ValueColumn<int> ints => ints[row].ToString(),
        ValueColumn<long> longs => longs[row].ToString(),
        ValueColumn<float> floats => BitConverter.SingleToInt32Bits(floats[row]).ToString("x"),
        ValueColumn<double> doubles => BitConverter.DoubleToInt64Bits(doubles[row]).ToString("x"),
        BytesColumn bytes => "x" + Convert.ToHexString(bytes[row]),
        _ when column.Type.IsNested => NestedSpelling.Of(column, row),
        _ => throw new InvalidOperationException($"No spelling of {column.Type}."),
    };
}
