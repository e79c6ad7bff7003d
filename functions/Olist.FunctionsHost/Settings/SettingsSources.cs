using Microsoft.Extensions.Configuration;

namespace Olist.FunctionsHost.Settings;

/// <summary>
/// The order of settings: host.json (below <c>AzureFunctionsJobHost</c>), appsettings.json, the <c>Values</c> of local.settings.json,
/// environment variables, command line; the later wins, so <c>AzureFunctionsJobHost__extensions__kafka__maxBatchSize</c> overrides host.json.
/// </summary>
static class SettingsSources
{
    public const string JobHost = "AzureFunctionsJobHost";

    public static void AddTo(ConfigurationManager configuration, string root, string environment, string[] args)
    {
        configuration.Sources.Clear();
        Add(configuration, JsonSettingsFile.Read(Path.Combine(root, "host.json")).Select(pair => KeyValuePair.Create($"{JobHost}:{pair.Key}", pair.Value)));
        Add(configuration, JsonSettingsFile.Read(Path.Combine(root, "appsettings.json")));
        Add(configuration, JsonSettingsFile.Read(Path.Combine(root, $"appsettings.{environment}.json")));
        Add(configuration, LocalSettings(Path.Combine(root, "local.settings.json")));
        configuration.AddEnvironmentVariables("AZURE_FUNCTIONS_");
        configuration.AddEnvironmentVariables("ASPNETCORE_");
        configuration.AddEnvironmentVariables();
        configuration.AddCommandLine(args);
    }

    /// <summary>Where host.json lies: <c>AzureWebJobsScriptRoot</c> (command line or environment), else the working folder when it has one, else the folder of the program.</summary>
    public static string FindRoot(string[] args)
    {
        var given = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        if (given["AzureWebJobsScriptRoot"] is { Length: > 0 } configured) return Path.GetFullPath(configured);
        var working = Directory.GetCurrentDirectory();
        return File.Exists(Path.Combine(working, "host.json")) ? working : AppContext.BaseDirectory;
    }

    static IEnumerable<KeyValuePair<string, string?>> LocalSettings(string path)
    {
        foreach (var (key, value) in JsonSettingsFile.Read(path))
        {
            var parts = key.Split(':', 2);
            if (parts.Length < 2) continue;
            if (parts[0].Equals("Values", StringComparison.OrdinalIgnoreCase)) yield return KeyValuePair.Create(parts[1].Replace("__", ":", StringComparison.Ordinal), value);
            else if (parts[0].Equals("ConnectionStrings", StringComparison.OrdinalIgnoreCase)) yield return KeyValuePair.Create(key, value);
        }
    }

    static void Add(ConfigurationManager configuration, IEnumerable<KeyValuePair<string, string?>> values) => configuration.AddInMemoryCollection(values);
}
