using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Olist.FunctionsHost.Settings;

/// <summary>Typed reads of settings that were checked before.</summary>
readonly struct SettingReader(IConfiguration section)
{
    public string Text(string path, string fallback) => section[path] ?? fallback;

    public int Number(string path, int fallback) =>
        section[path] is { } text ? int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : fallback;

    public bool Flag(string path, bool fallback) => section[path] is { } text ? bool.Parse(text) : fallback;
}
