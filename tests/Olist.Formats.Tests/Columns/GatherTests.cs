using Olist.Formats.Columns;

namespace Olist.Formats.Tests.Columns;

public sealed class GatherTests
{
    const int Rows = 300;

    public static TheoryData<string> Layouts => ["plain", "plain with nulls", "coded", "coded with nulls", "longs", "ints with nulls"];

    static (Column Column, Func<Column, int, object?> Of) Make(string layout, Random random)
    {
        var present = new byte[Rows];
        for (var row = 0; row < Rows; row++) present[row] = (byte)(layout.EndsWith("nulls", StringComparison.Ordinal) && random.Next(4) == 0 ? 0 : 1);
        string?[] texts = [.. present.Select(is1 => is1 == 0 ? null : new string((char)('a' + random.Next(26)), random.Next(5)))];
        var dictionary = BytesColumn.Of("x", "yy", "", "zzz");
        return layout.Split(' ')[0] switch
        {
            "plain" => (BytesColumn.Of(texts), (column, row) => ((BytesColumn)column).Find(row)),
            "coded" => (new BytesColumn(dictionary, [.. present.Select(is1 => is1 * random.Next(4))], Rows, layout == "coded" ? null : present), (column, row) => ((BytesColumn)column).Find(row)),
            "longs" => (new ValueColumn<long>(DataType.Long, [.. present.Select(_ => random.NextInt64())], Rows), (column, row) => ((ValueColumn<long>)column).Find(row)),
            _ => (new ValueColumn<int>(DataType.Int, [.. present.Select(is1 => is1 * random.Next())], Rows, present), (column, row) => ((ValueColumn<int>)column).Find(row)),
        };
    }

    /// <summary>Stretches forwards, single rows, the same row again, nulls.</summary>
    static int[] Pick(Random random)
    {
        var picked = new List<int>();
        while (picked.Count < Rows)
        {
            var first = random.Next(Rows);
            picked.AddRange(random.Next(4) switch
            {
                0 => Enumerable.Range(first, Math.Min(random.Next(1, 60), Rows - first)),
                1 => [first],
                2 => [first, first],
                _ => [-1],
            });
        }
        return [.. picked];
    }

    [Theory, MemberData(nameof(Layouts))]
    public void Rows_come_one_by_one_and_in_stretches(string layout)
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var (column, of) = Make(layout, random);
            var rows = Pick(random);
            var gathered = column.Gather(rows);
            Assert.Equal(rows.Length, gathered.Count);
            Assert.Equal(rows.Select(row => row < 0 ? null : of(column, row)), Enumerable.Range(0, rows.Length).Select(row => of(gathered, row)));
        }
    }
}
