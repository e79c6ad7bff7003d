using System.Text;

namespace Olist.Testing.Oracle;

/// <summary>One row of a file: the line it starts on (the header is line 1), its fields, and why it can't be trusted, if so.</summary>
public sealed record PlainRow(int Line, IReadOnlyList<string> Fields, string? Broken);

/// <summary>
/// The plainest CSV reader that keeps the rules: quotes hold commas and newlines, blank lines are no rows, a byte order mark is no data,
/// text after a closing quote and bytes that are no UTF-8 break their own row only. Slow on purpose; shares nothing with the product.
/// </summary>
public static class PlainCsv
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The rows of <paramref name="file"/>, header included.</summary>
    public static IEnumerable<PlainRow> Read(byte[] file)
    {
        var at = file is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        var line = 1;
        while (at < file.Length)
        {
            var startLine = line;
            var fields = new List<string>();
            string? broken = null;
            var quotedAny = false;
            while (true)
            {
                var field = new List<byte>();
                if (at < file.Length && file[at] == '"')
                {
                    quotedAny = true;
                    var flaw = ReadQuoted(file, ref at, ref line, field);
                    broken ??= flaw;
                }

                var bare = at;
                while (at < file.Length && file[at] != ',' && !AtLineEnd(file, at))
                    at++;
                if (at > bare && file[bare..at] is var rest)
                {
                    if (field.Count > 0 || (bare > 0 && file[bare - 1] == '"'))
                        broken ??= "text after a closing quote";
                    field.AddRange(rest);
                }

                fields.Add(Decode(field, ref broken));
                if (at >= file.Length || file[at] != ',')
                    break;
                at++;
            }

            if (at < file.Length && file[at] == '\r')
                at++;
            if (at < file.Length)
            {
                at++;
                line++;
            }

            if (fields.Count > 1 || fields[0].Length > 0 || quotedAny || broken is not null)
                yield return new PlainRow(startLine, fields, broken);
        }
    }

    static string? ReadQuoted(byte[] file, ref int at, ref int line, List<byte> field)
    {
        for (at++; at < file.Length; at++)
        {
            if (file[at] == '"')
            {
                if (at + 1 >= file.Length || file[at + 1] != '"')
                {
                    at++;
                    return null;
                }

                at++;
            }
            else if (file[at] == '\n')
            {
                line++;
            }

            field.Add(file[at]);
        }

        return "a quote is not closed";
    }

    static bool AtLineEnd(byte[] file, int at) =>
        file[at] == '\n' || (file[at] == '\r' && (at + 1 == file.Length || file[at + 1] == '\n'));

    static string Decode(List<byte> bytes, ref string? broken)
    {
        try
        {
            return Strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            broken ??= "not UTF-8";
            return "";
        }
    }
}
