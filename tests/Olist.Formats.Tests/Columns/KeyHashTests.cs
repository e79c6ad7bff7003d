using Olist.Formats.Columns;

namespace Olist.Formats.Tests.Columns;

public sealed class KeyHashTests
{
    static readonly BytesColumn Plain = BytesColumn.Of("a", null, "a text longer than eight bytes", "", "a");

    /// <summary>One column for each way in which a whole column is hashed.</summary>
    static IEnumerable<Column> Layouts()
    {
        yield return Plain;
        yield return BytesColumn.Of("a", "b", "a text longer than eight bytes", "", "a");
        yield return new BytesColumn(BytesColumn.Of("a", "b"), [0, 1, 0, 0, 1], 5, [1, 1, 1, 0, 1]);
        yield return new BytesColumn(BytesColumn.Of("a", "b", "c", "d", "e", "f"), [5, 1, 0, 0, 1], 5);
        yield return new ValueColumn<long>(DataType.Long, [1, -1, long.MaxValue, 0, 1, 77], 5);
        yield return new ValueColumn<long>(DataType.Long, [1, -1, long.MaxValue, 0, 1], 5, [1, 0, 1, 1, 1]);
        yield return new ValueColumn<int>(DataType.Int, [1, -1, int.MinValue, 0, 1, 77], 5);
        yield return new ValueColumn<int>(DataType.Int, [1, -1, int.MinValue, 0, 1], 5, [1, 1, 1, 0, 1]);
        yield return new ValueColumn<double>(DataType.Double, [1, double.NaN, 0.5, 0, 1], 5);
        yield return new ValueColumn<float>(DataType.Float, [1, float.NaN, 0.5f, 0, 1], 5);
    }

    [Fact]
    public void All_rows_at_once_hash_like_each_by_itself() =>
        Assert.All(Layouts(), column =>
        {
            Column[] key = [Plain, column];
            Assert.Equal(Enumerable.Range(0, 5).Select(row => KeyHash.Of(key, row)), KeyHash.Of(key));
        });

    [Fact]
    public void Layout_and_width_of_numbers_make_no_difference()
    {
        Assert.Equal(KeyHash.Of([BytesColumn.Of("b", "a", "b")]), KeyHash.Of([new BytesColumn(BytesColumn.Of("a", "b"), [1, 0, 1], 3)]));
        Assert.Equal(KeyHash.Of([new ValueColumn<long>(DataType.Long, [1, 2], 2, [1, 1])]), KeyHash.Of([new ValueColumn<long>(DataType.Long, [1, 2], 2)]));
    }
}
