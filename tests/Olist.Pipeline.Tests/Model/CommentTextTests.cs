using System.Text;
using Olist.Formats.Columns;
using Olist.Pipeline.Model;

namespace Olist.Pipeline.Tests.Model;

public sealed class CommentTextTests
{
    [Theory]
    [InlineData("  Ótimo   produto \r\n", "Ótimo produto")]
    [InlineData("linha\r\nlinha\tmais\u00A0uma\u2003aqui", "linha linha mais uma aqui")]
    [InlineData("zero\0byte\u0007sino\u0085novo", "zero byte sino novo")]
    [InlineData("entregac\u0327a\u0303o", "entregação")]
    [InlineData("A\u0303\u0301", "\u00C3\u0301")]
    [InlineData("e\u0302\u0301", "ế")]
    [InlineData("a \u0303", "a \u0303")]
    [InlineData("\u0303a", "\u0303a")]
    [InlineData("👍🏽 bom", "👍🏽 bom")]
    [InlineData("a", "a")]
    public void Texts_are_normalised(string text, string expected) => Assert.Equal(expected, CommentText.Clean(text));

    [Theory, InlineData(""), InlineData("   "), InlineData("\r\n\t\0")]
    public void A_text_of_nothing_is_dropped(string text)
    {
        Assert.Null(CommentText.Clean(text));
        var builder = new BytesBuilder(DataType.String);
        Assert.False(CommentText.TryClean(Encoding.UTF8.GetBytes(text), builder));
        Assert.Equal(0, builder.Count);
    }

    [Fact]
    public void Texts_go_into_columns_one_behind_the_other()
    {
        var builder = new BytesBuilder(DataType.String);
        Assert.True(CommentText.TryClean("não  recebi"u8, builder));
        Assert.True(CommentText.TryClean("\n10\n"u8, builder));
        var column = (BytesColumn)builder.Build();
        Assert.Equal(["não recebi", "10"], Enumerable.Range(0, column.Count).Select(column.Find));
    }

    [Fact]
    public void Bytes_that_are_no_utf_8_become_replacement_characters() =>
        Assert.Equal("a\uFFFDb", Encoding.UTF8.GetString(((BytesColumn)Cleaned([(byte)'a', 0xE3, (byte)'b'])).Data.AsSpan(0, 5)));

    static Column Cleaned(byte[] text)
    {
        var builder = new BytesBuilder(DataType.String);
        Assert.True(CommentText.TryClean(text, builder));
        return builder.Build();
    }

    [Fact]
    public void Cleaning_a_clean_text_changes_nothing()
    {
        var random = new Random(9);
        string[] pieces = ["a", "ção", " ", "\n", "c\u0327", "o\u0303", "\u0301", "É", "\t", "x", "👍", "ü"];
        for (var turn = 0; turn < 2_000; turn++)
        {
            var clean = CommentText.Clean(string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)])));
            if (clean is not null) Assert.Equal(clean, CommentText.Clean(clean));
        }
    }
}
