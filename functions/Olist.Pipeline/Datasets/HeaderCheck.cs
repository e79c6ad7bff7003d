namespace Olist.Pipeline.Datasets;

/// <summary>Says how a header differs from the one that a file must have.</summary>
static class HeaderCheck
{
    /// <returns>A sentence with the way out, or <see langword="null"/> when the header is right.</returns>
    public static string? FindProblem(IReadOnlyList<string> expected, IReadOnlyList<string> found, ReadOnlySpan<byte> raw)
    {
        if (found.SequenceEqual(expected)) return null;
        if (raw is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]) return "the file is UTF-16. Save it as UTF-8.";
        if (found.Count == 1 && found[0].Split(';').SequenceEqual(expected)) return "the fields are separated by semicolons. Save it with commas.";

        var missing = expected.Except(found).ToArray();
        var extra = found.Except(expected).ToArray();
        if (missing.Length == 1 && extra.Length == 1 && found.Count == expected.Count)
            return $"column {Place(found, extra[0])} is called '{Clip(extra[0])}'; expected '{missing[0]}'. Rename it.";
        if (missing.Length > 0)
            return $"{Columns(missing)} missing{(extra.Length > 0 ? $", and {Columns(extra)} not known" : "")} (found {Clip(string.Join(',', found))}). Add what is missing, or fetch the file again.";
        if (extra.Length > 0) return $"{Columns(extra)} not known. Remove it.";
        if (found.Count != expected.Count) return $"column '{found.GroupBy(name => name).First(group => group.Count() > 1).Key}' is there more than once. Remove the repetition.";
        var first = Enumerable.Range(0, expected.Count).First(i => found[i] != expected[i]);
        return $"the columns are in another order: column {first + 1} is '{found[first]}'; expected '{expected[first]}'. Put them in order.";
    }

    static int Place(IReadOnlyList<string> columns, string name) => columns.ToList().IndexOf(name) + 1;

    static string Columns(string[] names) => names.Length == 1
        ? $"column '{Clip(names[0])}' is"
        : $"columns {string.Join(", ", names.Take(10).Select(name => $"'{Clip(name)}'"))} are";

    static string Clip(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
