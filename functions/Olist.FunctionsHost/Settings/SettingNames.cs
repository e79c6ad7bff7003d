using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Olist.FunctionsHost.Hosting;

namespace Olist.FunctionsHost.Settings;

/// <summary>Resolves settings that trigger attributes name. For several threads.</summary>
sealed partial class SettingNames(IConfiguration configuration)
{
    /// <summary>Puts settings in the place of <c>%NAME%</c>.</summary>
    /// <exception cref="FunctionsHostException">A setting is missing.</exception>
    public string Expand(string text, string usedBy) => Token().Replace(text, match =>
        configuration[match.Groups[1].Value.Replace("__", ":", StringComparison.Ordinal)]
            ?? throw new FunctionsHostException($"{usedBy} uses %{match.Groups[1].Value}%, and there is no such setting; set it, or write the value itself."));

    /// <summary>As <see cref="Expand"/>; then a text that names a connection string or setting stands for it.</summary>
    public string ExpandOrLookUp(string text, string usedBy)
    {
        var expanded = Expand(text, usedBy);
        return expanded.Length == 0 ? expanded : configuration.GetConnectionString(expanded) ?? configuration[expanded] ?? expanded;
    }

    /// <summary>Whether <c>AzureWebJobs.{name}.Disabled</c> (or with underscores) is set.</summary>
    public bool IsDisabled(string function) =>
        new[] { $"AzureWebJobs.{function}.Disabled", $"AzureWebJobs_{function}_Disabled" }
            .Any(key => configuration[key] is { } text && (text == "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase)));

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Token();
}
