using System.Globalization;

namespace Olist.Testing.Oracle;

/// <summary>
/// A table as plain values: string, int, long, decimal, double, <see cref="DateTime"/> in UTC, or null. The order of the rows means nothing.
/// </summary>
public sealed record OracleTable(string Name, IReadOnlyList<string> Columns, List<object?[]> Rows)
{
    static readonly string[] Approximate = ["lat", "lng", "mean_sales"];

    /// <summary>The values of one column.</summary>
    public IEnumerable<object?> Column(string name)
    {
        var at = Columns.ToList().IndexOf(name);
        return at >= 0 ? Rows.Select(r => r[at]) : throw new ArgumentException($"{Name} has no column {name}", nameof(name));
    }

    /// <summary>
    /// What <paramref name="actual"/> has too much or too little, at most <paramref name="limit"/> rows as text; empty when both hold the same rows.
    /// Columns go by name, whole numbers by value whatever their width, coordinates and means to 4 decimals, everything else exactly.
    /// </summary>
    public IReadOnlyList<string> Differences(OracleTable actual, int limit = 10)
    {
        var missing = Columns.Except(actual.Columns).Select(c => $"{Name}: column {c} is missing").ToList();
        if (missing.Count > 0)
            return missing;
        var surplus = new Dictionary<string, int>();
        foreach (var row in Lines(actual))
            surplus[row] = surplus.GetValueOrDefault(row) + 1;
        foreach (var row in Lines(this))
            surplus[row] = surplus.GetValueOrDefault(row) - 1;
        return [.. surplus.Where(s => s.Value != 0).OrderBy(s => s.Key, StringComparer.Ordinal).Take(limit)
            .Select(s => $"{Name}: {(s.Value < 0 ? "missing" : "too many")} ({Math.Abs(s.Value)}x): {s.Key}")];
    }

    IEnumerable<string> Lines(OracleTable table)
    {
        var order = Columns.Select(c => table.Columns.ToList().IndexOf(c)).ToArray();
        return table.Rows.Select(row => string.Join(" | ", order.Select((at, i) => $"{Columns[i]}={Canonical(Columns[i], row[at])}")));
    }

    static string Canonical(string column, object? value) => value switch
    {
        null => "null",
        double d when Approximate.Contains(column) => (Math.Round(d, 4) + 0.0).ToString("F4", CultureInfo.InvariantCulture),
        double d => d.ToString("R", CultureInfo.InvariantCulture),
        decimal m => m.ToString("0.00####", CultureInfo.InvariantCulture),
        DateTime t => t.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        DateTimeOffset t => t.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => $"'{value}'",
    };
}
