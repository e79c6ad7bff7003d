using System.Globalization;
using Microsoft.Extensions.Configuration;
using Olist.Storage;

namespace Olist.Pipeline.Steps;

/// <summary>Reads <see cref="WorkspaceOptions"/> from the settings <c>Olist:*</c> and <c>S3:*</c>, as README.md lists them.</summary>
public static class WorkspaceSettings
{
    /// <exception cref="PipelineException">A setting has a value that can't be; the message names its key and what is expected.</exception>
    public static WorkspaceOptions Read(IConfiguration settings)
    {
        var defaults = new WorkspaceOptions();
        return new WorkspaceOptions
        {
            Lake = Text(settings, "Olist:Lake") ?? defaults.Lake,
            State = Text(settings, "Olist:State"),
            Partitions = Number(settings, "Olist:Log:Partitions", 1, 1024) ?? defaults.Partitions,
            LogRetention = Number(settings, "Olist:Log:RetentionHours", 0, 1_000_000) is { } hours ? (hours == 0 ? null : TimeSpan.FromHours(hours)) : defaults.LogRetention,
            S3 = new S3Settings
            {
                Endpoint = Address(settings, "S3:Endpoint"),
                AccessKey = Text(settings, "S3:AccessKey"),
                SecretKey = Text(settings, "S3:SecretKey"),
                Region = Text(settings, "S3:Region") ?? defaults.S3.Region,
                PathStyle = Flag(settings, "S3:PathStyle"),
                Timeout = Number(settings, "S3:TimeoutSeconds", 1, 3600) is { } seconds ? TimeSpan.FromSeconds(seconds) : defaults.S3.Timeout,
            },
        };
    }

    /// <summary>The value of a setting; an empty one counts as not given.</summary>
    public static string? Text(IConfiguration settings, string key) => settings[key] is { Length: > 0 } text ? text : null;

    static int? Number(IConfiguration settings, string key, int min, int max) => Text(settings, key) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max => number,
        var text => throw new PipelineException($"Setting {key} is '{text}'; expected a whole number from {min} to {max}."),
    };

    static bool? Flag(IConfiguration settings, string key) => Text(settings, key) switch
    {
        null => null,
        var text when bool.TryParse(text, out var flag) => flag,
        var text => throw new PipelineException($"Setting {key} is '{text}'; expected true or false."),
    };

    static Uri? Address(IConfiguration settings, string key) => Text(settings, key) switch
    {
        null => null,
        var text when Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https") => address,
        var text => throw new PipelineException($"Setting {key} is '{text}'; expected an address with scheme, such as http://127.0.0.1:9000."),
    };
}
