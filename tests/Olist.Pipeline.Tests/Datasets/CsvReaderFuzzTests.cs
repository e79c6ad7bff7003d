using System.Text;
using Olist.Pipeline.Datasets;

namespace Olist.Pipeline.Tests.Datasets;

public sealed class CsvReaderFuzzTests
{
    static readonly string[] Alphabet = ["a", "b", "0", ",", ",", ",", "\"", "\"", "\n", "\n", "\r\n", "\r", "é", "\"\"", ",\"", "\",", "\"\n", "longer text"];

    [Theory, InlineData(20160904), InlineData(20181017), InlineData(42)]
    public void Every_file_is_read_as_the_slow_reader_reads_it(int seed)
    {
        var random = new Random(seed);
        for (var turn = 0; turn < 4_000; turn++)
        {
            var text = new StringBuilder();
            for (var i = random.Next(0, 60); i > 0; i--) text.Append(Alphabet[random.Next(Alphabet.Length)]);
            var file = Encoding.UTF8.GetBytes((random.Next(10) == 0 ? "\uFEFF" : "") + text);
            var expectedFields = random.Next(1, 5);
            var maxRecordBytes = random.Next(3) switch { 0 => 8, 1 => 20, _ => 200 };
            // Some rows are refused by the caller, so that setting aside good rows is tried too.
            bool IsGood(ReadOnlySpan<byte> first) => first.Length % 5 != 3;

            var slow = new SlowCsv(file, expectedFields, maxRecordBytes).ReadAll(fields => IsGood(fields[0]));
            foreach (var maxPiece in (int[])[1, 13, 1000])
            {
                using var reader = new CsvReader(new TrickleStream(file, random, maxPiece), maxRecordBytes, bufferBytes: 1) { ExpectedFields = expectedFields };
                var rows = new List<SlowCsv.Row>();
                while (reader.Read())
                {
                    var flaw = reader.Flaw;
                    if (flaw == CsvFlaw.None && IsGood(reader[0]))
                        rows.Add(new SlowCsv.Row(reader.Line, flaw, string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Encoding.Latin1.GetString(reader[i])))));
                    else
                    {
                        var line = reader.Line;
                        reader.SetAside();
                        rows.Add(new SlowCsv.Row(line, flaw, ""));
                    }
                }
                Assert.True(slow.SequenceEqual(rows), $"Seed {seed}, turn {turn}, {expectedFields} fields, {maxRecordBytes} bytes at most: {Encoding.UTF8.GetString(file)}\nslow {string.Join("; ", slow)}\nfast {string.Join("; ", rows)}");
                Assert.Equal(file.Length, reader.BytesRead);
            }
        }
    }
}
