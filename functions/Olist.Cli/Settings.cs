using Microsoft.Extensions.Configuration;
using Olist.Pipeline.Steps;

namespace Olist.Cli;

/// <summary>Settings as the app reads them: host.json, appsettings.json, local.settings.json (Values), environment; the later wins.</summary>
static class Settings
{
    public static IConfiguration Load()
    {
        var builder = new ConfigurationBuilder()
            .SetBasePath(Directory.GetCurrentDirectory())
            .AddJsonFile("host.json", optional: true)
            .AddJsonFile("appsettings.json", optional: true);
        var local = new ConfigurationBuilder().SetBasePath(Directory.GetCurrentDirectory()).AddJsonFile("local.settings.json", optional: true).Build();
        var values = local.GetSection("Values").GetChildren().ToDictionary(value => value.Key.Replace("__", ":", StringComparison.Ordinal), value => value.Value);
        return builder.AddInMemoryCollection(values).AddEnvironmentVariables().Build();
    }

    /// <summary>Where the command works: its options before the settings <c>Olist:*</c> and <c>S3:*</c>.</summary>
    public static WorkspaceOptions Workspace(IConfiguration settings, string? lake, string? state) => WorkspaceSettings.Read(settings) switch
    {
        var read => read with
        {
            Lake = lake ?? read.Lake,
            // A state folder set for another lake is not this lake's.
            State = state ?? (lake is null || lake == read.Lake ? read.State : null),
        },
    };
}
