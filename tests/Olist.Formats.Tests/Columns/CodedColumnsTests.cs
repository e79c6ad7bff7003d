using Olist.Formats.Columns;

namespace Olist.Formats.Tests.Columns;

public sealed class CodedColumnsTests
{
    static BytesColumn Coded(string[] dictionary, params int[] codes)
    {
        byte[]? validity = codes.Contains(-1) ? [.. codes.Select(code => (byte)(code < 0 ? 0 : 1))] : null;
        return new BytesColumn(BytesColumn.Of(dictionary), [.. codes.Select(code => Math.Max(code, 0))], codes.Length, validity);
    }

    static IReadOnlyList<string?> Texts(Column column) => [.. Enumerable.Range(0, column.Count).Select(((BytesColumn)column).Find)];

    [Fact]
    public void Dictionaries_are_merged_and_each_value_is_spelled_out_once()
    {
        var both = (BytesColumn)Column.Concat([Coded(["a", "b", "unused"], 0, 1, 0, 0, 1), Coded(["b", "c"], 0, 1, 1, -1, 0, 0)]);
        Assert.Equal(["a", "b", "a", "a", "b", "b", "c", "c", null, "b", "b"], Texts(both));
        Assert.NotNull(both.Codes);
        Assert.Equal(["a", "b", "unused", "c"], Texts(both.Dictionary!));
    }

    [Fact]
    public void A_shared_dictionary_stays_as_it_is()
    {
        var first = Coded(["a", "b"], 0, 1, 1);
        var second = (BytesColumn)first.Gather([2, -1, 0]);
        var both = (BytesColumn)Column.Concat([first, second]);
        Assert.Equal(["a", "b", "b", "b", null, "a"], Texts(both));
        Assert.Same(first.Dictionary, both.Dictionary);
    }

    [Fact]
    public void A_column_may_be_put_together_with_its_own_dictionary()
    {
        var coded = Coded(["a", "b"], 1, 0, 1, 1);
        Assert.Equal(["b", "a", "b", "b", "a", "b"], Texts(Column.Concat([coded, coded.Dictionary!])));
    }

    [Fact]
    public void A_few_plain_rows_go_into_the_dictionary()
    {
        var both = (BytesColumn)Column.Concat([Coded(["a", "b"], 0, 1, 0, 1, 0, 1), BytesColumn.Of("b", "new")]);
        Assert.Equal(["a", "b", "a", "b", "a", "b", "b", "new"], Texts(both));
        Assert.Equal(["a", "b", "new"], Texts(both.Dictionary!));
    }

    [Fact]
    public void Where_nearly_every_row_has_a_value_of_its_own_the_column_is_plain()
    {
        var both = (BytesColumn)Column.Concat([Coded(["a", "b"], 0, 1), Coded(["c", "d"], 1, 0)]);
        Assert.Equal(["a", "b", "d", "c"], Texts(both));
        Assert.Null(both.Codes);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void Whatever_their_layouts_rows_follow_each_other(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var parts = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Random(random)).ToArray();
            var all = Column.Concat(parts);
            string?[] expected = [.. parts.SelectMany(Texts)];
            Assert.Equal(expected, Texts(all));

            var (groups, first) = KeyIndex.GroupOf(all);
            var (expectedGroups, expectedFirst) = new KeyIndex(BytesColumn.Of(expected)).Group();
            Assert.Equal(expectedGroups, groups);
            Assert.Equal(expectedFirst, first);
        }
    }

    static BytesColumn Random(Random random)
    {
        string[] words = [.. Enumerable.Range(random.Next(3), random.Next(1, 5)).Select(word => $"word {word}")];
        int[] codes = [.. Enumerable.Range(0, random.Next(20)).Select(_ => random.Next(random.Next(2) - 1, words.Length))];
        return random.Next(3) > 0 ? Coded(words, codes) : BytesColumn.Of([.. codes.Select(code => code < 0 ? null : words[code])]);
    }

    [Fact]
    public void All_rows_as_they_are_are_not_copied()
    {
        Column column = BytesColumn.Of("a", "b", "c");
        Assert.Same(column, column.Gather([0, 1, 2]));
        Assert.Equal(["a", "c", "b"], Texts(column.Gather([0, 2, 1])));
        Assert.Equal(["a", "b"], Texts(column.Gather([0, 1])));
        Assert.Equal(["a", "b", null], Texts(column.Gather([0, 1, -1])));
    }
}
