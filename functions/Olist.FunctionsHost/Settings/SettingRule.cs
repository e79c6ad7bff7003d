using System.Globalization;

namespace Olist.FunctionsHost.Settings;

/// <summary>What values one setting takes.</summary>
sealed record SettingRule(string Allowed, Func<string, bool> Accepts, bool HasEffect = true)
{
    public static SettingRule Anything { get; } = new("any value", _ => true);
    public static SettingRule Unused { get; } = new("any value", _ => true, HasEffect: false);
    public static SettingRule Boolean { get; } = new("true or false", text => bool.TryParse(text, out _));
    public static SettingRule LogLevel { get; } = OneOf("Trace", "Debug", "Information", "Warning", "Error", "Critical", "None");
    public static SettingRule Interval { get; } = new("hh:mm:ss above zero, or -1 for no limit",
        text => text == "-1" || (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero));

    public static SettingRule Integer(long minimum, long maximum = int.MaxValue) =>
        new($"a whole number from {minimum} to {maximum}",
            text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum);

    public static SettingRule OneOf(params string[] values) =>
        new(string.Join(", ", values), text => values.Contains(text, StringComparer.OrdinalIgnoreCase));

    public SettingRule WithoutEffect() => this with { HasEffect = false };
}
