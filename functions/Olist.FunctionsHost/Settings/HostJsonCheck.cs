using Microsoft.Extensions.Configuration;
using Olist.FunctionsHost.Hosting;

namespace Olist.FunctionsHost.Settings;

/// <summary>Finds settings in host.json (and its overrides) that are unknown or wrong, all at once, and those that do nothing here.</summary>
static class HostJsonCheck
{
    static readonly string[] OwnedExtensions = ["http", "kafka", "durableTask"];

    /// <returns>Paths that are known and have no effect in this host.</returns>
    /// <exception cref="FunctionsHostException">One line per unknown key or wrong value.</exception>
    public static IReadOnlyList<string> Run(IConfiguration jobHost, IReadOnlyCollection<string> appSections)
    {
        List<string> problems = [], unused = [];
        foreach (var (path, value) in Leaves(jobHost))
        {
            var parts = path.Split(':');
            if (appSections.Contains(parts[0], StringComparer.OrdinalIgnoreCase)) continue;
            if (Is(parts, 0, "extensions") && parts.Length > 1 && !OwnedExtensions.Contains(parts[1], StringComparer.OrdinalIgnoreCase))
            {
                unused.Add(path);
                continue;
            }
            var rule = HostJsonRules.All.FirstOrDefault(candidate => Matches(candidate.Key.Split(':'), parts)).Value;
            if (rule is null) problems.Add($"{Json(path)}: unknown setting; allowed here: {Siblings(parts)}.");
            else if (value is not null && !rule.Accepts(value)) problems.Add($"{Json(path)}: found '{value}', expected {rule.Allowed}.");
            else if (!rule.HasEffect) unused.Add(path);
        }
        if (problems.Count > 0)
            throw new FunctionsHostException(
                $"host.json (or an {SettingsSources.JobHost}__* override) has {problems.Count} setting(s) that this host refuses:{Environment.NewLine}  "
                + string.Join(Environment.NewLine + "  ", problems));
        return [.. unused.Select(Json)];
    }

    static IEnumerable<(string Path, string? Value)> Leaves(IConfiguration section) =>
        section.AsEnumerable(makePathsRelative: true)
            .Where(pair => pair.Key.Length > 0 && !section.GetSection(pair.Key).GetChildren().Any())
            .Select(pair => (pair.Key, pair.Value))
            .OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase);

    static bool Matches(string[] pattern, string[] path)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == "**") return path.Length >= i;
            if (i >= path.Length || (pattern[i] != "*" && !Is(path, i, pattern[i]))) return false;
        }
        return pattern.Length == path.Length;
    }

    static string Siblings(string[] path)
    {
        for (var depth = path.Length - 1; ; depth--)
        {
            var names = HostJsonRules.All.Select(rule => rule.Key.Split(':'))
                .Where(pattern => pattern.Length > depth && Enumerable.Range(0, depth).All(i => Is(path, i, pattern[i])))
                .Select(pattern => pattern[depth]).Distinct().Order(StringComparer.Ordinal).ToList();
            if (names.Count > 0) return string.Join(", ", names);
        }
    }

    static bool Is(string[] path, int index, string name) => path[index].Equals(name, StringComparison.OrdinalIgnoreCase);

    static string Json(string path) => "$." + path.Replace(':', '.');
}
