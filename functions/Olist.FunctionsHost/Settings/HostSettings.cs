using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Olist.FunctionsHost.Settings;

/// <summary>host.json as the host uses it; read after <see cref="HostJsonCheck"/> has passed it.</summary>
sealed record HostSettings(
    TimeSpan FunctionTimeout,
    IReadOnlyDictionary<string, LogLevel> LogLevels,
    IReadOnlyList<string> OnlyFunctions,
    HttpSettings Http,
    KafkaSettings Kafka,
    DurableSettings Durable)
{
    public static HostSettings Read(IConfiguration jobHost)
    {
        var read = new SettingReader(jobHost);
        var timeout = read.Text("functionTimeout", "00:30:00");
        return new HostSettings(
            timeout == "-1" ? Timeout.InfiniteTimeSpan : TimeSpan.Parse(timeout, CultureInfo.InvariantCulture),
            jobHost.GetSection("logging:logLevel").GetChildren().ToDictionary(level => level.Key, level => Enum.Parse<LogLevel>(level.Value ?? "Information", ignoreCase: true)),
            [.. jobHost.GetSection("functions").GetChildren().Select(name => name.Value ?? "")],
            HttpSettings.Read(jobHost), KafkaSettings.Read(jobHost), DurableSettings.Read(jobHost));
    }
}
