using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Olist.Cli;

/// <summary>Options that several verbs take, with one wording.</summary>
static class CommonOptions
{
    public static Option<string> Dataset(bool required = true) => new("--dataset")
    {
        Description = "Folder with the nine CSV files of the dataset.", HelpName = "DIR", Required = required,
    };

    public static Option<string?> Lake(bool required = true) => new("--lake")
    {
        Description = "The lake: a folder, or s3://bucket/prefix (endpoint and keys from settings S3:*).", HelpName = "DIR", Required = required,
    };

    public static Option<string?> State() => new("--state")
    {
        Description = "Folder for the local log and durable state. Default: <lake>.state beside a folder lake, else .olist/state.", HelpName = "DIR",
    };

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document on standard output." };

    /// <summary>An option whose value is an instant.</summary>
    public static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description + " (ISO 8601; UTC when it names no zone).", HelpName = "T", CustomParser = ParseTime,
    };

    static DateTimeOffset? ParseTime(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return time;
        result.AddError($"'{text}' is no time; expected ISO 8601, such as 2018-01-01 or 2018-01-01T12:00:00Z.");
        return null;
    }
}
