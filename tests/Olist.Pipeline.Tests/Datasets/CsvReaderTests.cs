using System.Text;
using Olist.Pipeline.Datasets;

namespace Olist.Pipeline.Tests.Datasets;

public sealed class CsvReaderTests
{
    /// <summary>Rows as line:fields, a flawed or refused row as line!flaw.</summary>
    static List<string> Read(string file, int expectedFields = 3, int maxRecordBytes = 1000, Func<CsvReader, bool>? isGood = null)
    {
        using var reader = new CsvReader(new MemoryStream(Encoding.UTF8.GetBytes(file)), maxRecordBytes) { ExpectedFields = expectedFields };
        var rows = new List<string>();
        while (reader.Read())
        {
            if (reader.Flaw == CsvFlaw.None && isGood?.Invoke(reader) is not false)
                rows.Add($"{reader.Line}:" + string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Encoding.UTF8.GetString(reader[i]))));
            else rows.Add($"{reader.Line}!{reader.Flaw}={reader.SetAside()}");
        }
        return rows;
    }

    [Theory]
    [InlineData("a,b,c\nd,e,f\n")]
    [InlineData("a,b,c\nd,e,f")]
    [InlineData("a,b,c\r\nd,e,f\r\n")]
    [InlineData("a,b,c\r\nd,e,f\r")]
    [InlineData("\uFEFFa,b,c\nd,e,f\n")]
    [InlineData("\"a\",\"b\",\"c\"\n\"d\",\"e\",\"f\"")]
    [InlineData("\uFEFF\"a\",b,\"c\"\r\nd,\"e\",\"f\"\r\n")]
    public void Line_ends_quotes_and_a_byte_order_mark_make_no_difference(string file) =>
        Assert.Equal(["1:a|b|c", "2:d|e|f"], Read(file));

    [Fact]
    public void A_quoted_field_may_hold_commas_quotes_and_lines() =>
        Assert.Equal(["1:a,1|say \"hi\"|two\r\nlines\n", "4:d||\""], Read("\"a,1\",\"say \"\"hi\"\"\",\"two\r\nlines\n\"\nd,\"\",\"\"\"\"\n"));

    [Fact]
    public void A_quote_inside_an_unquoted_field_is_data() =>
        Assert.Equal(["1:a\"|b\"\"b|c", "2:d|e|f"], Read("a\",b\"\"b,c\nd,e,f\n"));

    [Fact]
    public void Empty_lines_are_no_rows_but_count_as_lines() =>
        Assert.Equal(["2:a|b|c", "5:d|e|f"], Read("\na,b,c\n\n\r\nd,e,f\n\n"));

    [Fact]
    public void An_empty_file_has_no_rows()
    {
        Assert.Empty(Read(""));
        Assert.Empty(Read("\uFEFF"));
    }

    [Fact]
    public void Rows_with_too_few_or_too_many_fields_are_told_with_their_text() =>
        Assert.Equal(["1!FieldCount=a,b", "2:d|e|f", "3!FieldCount=g,h,i,j", "4:k|l|m"], Read("a,b\nd,e,f\ng,h,i,j\r\nk,l,m\n"));

    [Fact]
    public void A_stray_quote_costs_its_own_row_only()
    {
        // Opened and never closed, closed by a neighbour's quotes, closed at a place that makes the fields come out wrong.
        Assert.Equal(["1!UnclosedQuote=a,\"b,c", "2:d|e|f", "3:g|h|i"], Read("a,\"b,c\nd,e,f\ng,h,i\n"));
        Assert.Equal(["1!TextAfterQuote=a,\"b,c", "2:d|e,e|f", "3:g|h|i"], Read("a,\"b,c\nd,\"e,e\",f\ng,h,i\n"));
        Assert.Equal(["1!FieldCount=\"a,b,c", "2:d|e|,f", "3:g|h|i"], Read("\"a,b,c\nd,e,\",f\"\ng,h,i\n"));
    }

    [Fact]
    public void A_row_of_several_lines_that_is_no_good_is_left_out_whole()
    {
        Assert.Equal(["1!FieldCount=a,\"two\nlines\"", "3:d|e|f"], Read("a,\"two\nlines\"\nd,e,f\n"));
        Assert.Equal(["1!None=a,\"two\nlines\",c", "3:d|e|f"], Read("a,\"two\nlines\",c\nd,e,f\n", isGood: reader => reader[0].SequenceEqual("d"u8)));
    }

    [Fact]
    public void A_row_that_the_caller_refuses_does_not_take_the_rows_that_its_quote_ran_into() =>
        Assert.Equal(["1!None=a,b,\"c", "2:d|e|f\"", "3:g|h|i"],
            Read("a,b,\"c\nd,e,f\"\ng,h,i\n", isGood: reader => !reader[0].SequenceEqual("a"u8)));

    [Fact]
    public void Text_after_a_closing_quote_is_a_flaw_and_ends_with_its_line() =>
        Assert.Equal(["1!TextAfterQuote=a,\"b\"b,c", "2:d|e|f", "3!TextAfterQuote=g,\"h\nh\"h,i", "5:j|k|l"], Read("a,\"b\"b,c\nd,e,f\ng,\"h\nh\"h,i\nj,k,l\n"));

    [Fact]
    public void A_stray_quote_in_a_text_of_several_lines_takes_the_whole_text_with_it() =>
        Assert.Equal(["1!TextAfterQuote=a,\"b\"b\nb\",c", "3:d|e|f"], Read("a,\"b\"b\nb\",c\nd,e,f\n"));

    [Fact]
    public void A_truncated_last_row_is_a_flaw() =>
        Assert.Equal(["1:a|b|c", "2!UnclosedQuote=d,\"e\nmore"], Read("a,b,c\nd,\"e\nmore"));

    [Fact]
    public void A_line_that_is_too_long_is_skipped_to_its_end()
    {
        var longLine = new string('x', 5000);
        Assert.Equal(["1:a|b|c", "2!TooLong=" + new string('x', 200) + "…", "3:d|e|f"], Read($"a,b,c\n{longLine}\nd,e,f\n", maxRecordBytes: 300));
        Assert.Equal(["1!UnclosedQuote=\"" + new string('x', 199) + "…", "2:d|e|f"], Read($"\"{longLine}\nd,e,f\n", maxRecordBytes: 300));
    }

    [Fact]
    public void A_clipped_row_is_cut_between_characters()
    {
        var rows = Read(new string('x', 199) + "ção,b\n", maxRecordBytes: 1000);
        Assert.Equal("1!FieldCount=" + new string('x', 199) + "…", Assert.Single(rows));
    }

    [Fact]
    public void The_digest_is_that_of_the_bytes_however_they_come()
    {
        var file = new byte[10_000];
        new Random(7).NextBytes(file);
        var digests = new HashSet<(long, uint)>();
        foreach (var maxPiece in (int[])[1, 7, 1000, 100_000])
        {
            using var reader = new CsvReader(new TrickleStream(file, new Random(1), maxPiece), 256, 600) { ExpectedFields = 2 };
            while (reader.Read()) reader.SetAside();
            digests.Add(reader.Digest);
        }
        Assert.Equal((10_000L, Crc32C(file)), Assert.Single(digests));
    }

    static uint Crc32C(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0x82F63B78 & (uint)-(int)(crc & 1));
        }
        return ~crc;
    }
}
