using System.Text;
using Olist.Pipeline.Datasets;

namespace Olist.Pipeline.Tests.Datasets;

/// <summary>The rules of <see cref="CsvReader"/>, byte by byte over a whole file: slow, plain, and the judge of the fast one.</summary>
sealed class SlowCsv(byte[] file, int expectedFields, int maxRecordBytes)
{
    public sealed record Row(long Line, CsvFlaw Flaw, string Content)
    {
        public override string ToString() => $"{Line}:{Flaw}:{Content.Replace("\n", "\\n").Replace("\r", "\\r")}";
    }

    sealed record Followed(CsvFlaw Flaw, int End, List<byte[]> Fields, bool HasQuotes);

    public List<Row> ReadAll(Func<List<byte[]>, bool> isGood)
    {
        var rows = new List<Row>();
        var at = file is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        long line = 1;
        while (at < file.Length)
        {
            var row = Follow(at);
            var isBlank = row.Flaw == CsvFlaw.None && row.Fields.Count == 1 && !row.HasQuotes && row.Fields[0].Length == 0 && expectedFields != 1;
            var flaw = row.Flaw == CsvFlaw.None && row.Fields.Count != expectedFields ? CsvFlaw.FieldCount : row.Flaw;
            var next = row.End;
            if (isBlank) { }
            else if (flaw == CsvFlaw.None && isGood(row.Fields)) rows.Add(new Row(line, flaw, string.Join('|', row.Fields.Select(Text))));
            else
            {
                next = Resume(at, row);
                rows.Add(new Row(line, flaw, ""));
            }
            for (var i = at; i < next; i++)
                if (file[i] == '\n') line++;
            at = next;
        }
        return rows;
    }

    static string Text(byte[] field) => Encoding.Latin1.GetString(field);

    int Resume(int start, Followed row)
    {
        if (row.Flaw == CsvFlaw.TextAfterQuote && Follow(start, strayQuotesAreText: true) is { Flaw: CsvFlaw.None } mended && mended.Fields.Count == expectedFields) row = mended;
        var isComplete = row.Flaw == CsvFlaw.None;
        if (isComplete && !file.AsSpan(start, row.End - 1 - start).Contains((byte)'\n')) return row.End;
        var within = LineStarts(start).Where(line => line < row.End).ToArray();
        foreach (var line in within)
            if (Follow(line) is { Flaw: CsvFlaw.None } other && other.Fields.Count == expectedFields) return line;
        if (isComplete) return row.End;
        var window = Math.Min(file.Length, start + 2 * maxRecordBytes);
        if (row.Flaw == CsvFlaw.TextAfterQuote)
        {
            var after = LineStarts(start).Where(line => line >= row.End && line <= window).ToArray();
            if (after.Length > 0) return after[0];
            if (window == file.Length) return file.Length;
        }
        else if (row.End == file.Length) return file.Length;
        if (within.Length > 0) return within[^1];
        return LineStarts(start).Append(file.Length).First();
    }

    IEnumerable<int> LineStarts(int start)
    {
        for (var i = start; i < file.Length; i++)
            if (file[i] == '\n') yield return i + 1;
    }

    Followed Follow(int start, bool strayQuotesAreText = false)
    {
        var limit = Math.Min(file.Length, start + maxRecordBytes);
        var isWhole = limit == file.Length;
        var fields = new List<byte[]>();
        var hasQuotes = false;
        var at = start;
        while (true)
        {
            var field = new List<byte>();
            if (at < limit && file[at] == '"')
            {
                hasQuotes = true;
                at++;
            quoted:
                while (true)
                {
                    if (at >= limit) return new Followed(CsvFlaw.UnclosedQuote, limit, fields, true);
                    if (file[at] != '"') field.Add(file[at++]);
                    else if (at + 1 < limit && file[at + 1] == '"')
                    {
                        field.Add((byte)'"');
                        at += 2;
                    }
                    else break;
                }
                at++;
                var carriageReturn = at < limit && file[at] == '\r';
                if (carriageReturn) at++;
                if (at >= limit && !isWhole) return new Followed(CsvFlaw.TooLong, limit, fields, true);
                var isEnd = at >= limit || file[at] == '\n' || (file[at] == ',' && !carriageReturn);
                if (!isEnd && strayQuotesAreText)
                {
                    if (carriageReturn) at--;
                    field.Add((byte)'"');
                    goto quoted;
                }
                if (!isEnd) return new Followed(CsvFlaw.TextAfterQuote, at, fields, true);
            }
            else
            {
                while (at < limit && file[at] != ',' && file[at] != '\n') field.Add(file[at++]);
                if (at >= limit && !isWhole) return new Followed(CsvFlaw.TooLong, limit, fields, hasQuotes);
                if ((at >= limit || file[at] == '\n') && field.Count > 0 && field[^1] == '\r') field.RemoveAt(field.Count - 1);
            }
            fields.Add([.. field]);
            if (at < limit && file[at] == ',')
            {
                at++;
                continue;
            }
            return new Followed(CsvFlaw.None, at < limit ? at + 1 : at, fields, hasQuotes);
        }
    }
}
