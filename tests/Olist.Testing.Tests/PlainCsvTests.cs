using System.Text;
using Olist.Testing.Oracle;

namespace Olist.Testing.Tests;

public sealed class PlainCsvTests
{
    static string[] Parse(byte[] bytes) => [.. PlainCsv.Read(bytes).Select(r => $"{r.Line}: {string.Join('|', r.Fields)}{(r.Broken is null ? "" : $" ({r.Broken})")}")];

    static string[] Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Rows_know_the_line_they_start_on_and_quotes_hold_newlines() =>
        Assert.Equal(["1: a|b", "2: x\r\ny|q\"q", "5: last|"], Parse("\uFEFFa,b\r\n\"x\r\ny\",\"q\"\"q\"\r\n\r\nlast,\n\n"));

    [Fact]
    public void Text_after_a_closing_quote_breaks_its_own_row_only() =>
        Assert.Equal(["1: x y\" z\"|1 (text after a closing quote)", "2: ok|sao \"paulo"], Parse("\"x \"y\" z\",1\nok,sao \"paulo\n"));

    [Fact]
    public void A_broken_row_is_read_to_its_end() =>
        Assert.Equal(["1: x y\"|a,b\nc (text after a closing quote)", "3: d|e"], Parse("\"x \"y\",\"a,b\nc\"\nd,e\n"));

    [Fact]
    public void A_quote_that_is_never_closed_takes_the_rest_of_the_file() =>
        Assert.Equal(["1: a", "2: b\nc\n (a quote is not closed)"], Parse("a\n\"b\nc\n"));

    [Fact]
    public void Bytes_that_are_no_utf8_break_their_own_row_only() =>
        Assert.Equal(["1: a", "2:  (not UTF-8)", "3: \u00E3"], Parse([.. "a\nb"u8, 0xFF, .. "\n\u00E3\n"u8]));
}
