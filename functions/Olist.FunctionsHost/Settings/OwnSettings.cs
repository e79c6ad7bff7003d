using System.Globalization;
using Microsoft.Extensions.Configuration;
using Olist.FunctionsHost.Hosting;

namespace Olist.FunctionsHost.Settings;

/// <summary>The section <c>FunctionsHost</c> of the app settings, laid over the options set in code.</summary>
static class OwnSettings
{
    static readonly SettingRule Milliseconds = SettingRule.Integer(0, 60_000);
    static readonly SettingRule Bytes = SettingRule.Integer(1, long.MaxValue);

    /// <exception cref="FunctionsHostException">A key is unknown or a value wrong.</exception>
    public static void Apply(IConfiguration configuration, FunctionsHostOptions options)
    {
        var setters = new Dictionary<string, (SettingRule Rule, Action<string> Set)>(StringComparer.OrdinalIgnoreCase)
        {
            ["State"] = (SettingRule.Anything, text => options.StateFolder = text),
            ["MaxRequestBodyBytes"] = (Bytes, text => options.MaxRequestBodyBytes = long.Parse(text, CultureInfo.InvariantCulture)),
            ["KafkaLingerMs"] = (Milliseconds, text => options.KafkaLinger = TimeSpan.FromMilliseconds(int.Parse(text, CultureInfo.InvariantCulture))),
            ["DrainTimeout"] = (SettingRule.Interval, text => options.DrainTimeout = text == "-1" ? TimeSpan.FromDays(1) : TimeSpan.Parse(text, CultureInfo.InvariantCulture)),
            ["DurableFlush"] = (SettingRule.OneOf(Enum.GetNames<DurableFlush>()), text => options.DurableFlush = Enum.Parse<DurableFlush>(text, ignoreCase: true)),
            ["DurableCheckpointBytes"] = (Bytes, text => options.DurableCheckpointBytes = long.Parse(text, CultureInfo.InvariantCulture)),
            ["DurableRetention"] = (SettingRule.Interval, text => options.DurableRetention = text == "-1" ? null : TimeSpan.Parse(text, CultureInfo.InvariantCulture)),
        };
        foreach (var setting in configuration.GetSection(FunctionsHostOptions.Section).GetChildren())
        {
            if (!setters.TryGetValue(setting.Key, out var known))
                throw new FunctionsHostException(
                    $"Setting {FunctionsHostOptions.Section}:{setting.Key} is unknown; allowed: {string.Join(", ", setters.Keys)}.");
            if (setting.Value is not { } text) continue;
            if (!known.Rule.Accepts(text))
                throw new FunctionsHostException($"Setting {FunctionsHostOptions.Section}:{setting.Key}: found '{text}', expected {known.Rule.Allowed}.");
            known.Set(text);
        }
    }
}
