using System.Diagnostics;
using System.Text.Json;

namespace Olist.Formats.Tests.Parquet;

/// <summary>Runs the scripts of tests/readers, installing their packages the first time.</summary>
static class NodeReaders
{
    static readonly SemaphoreSlim Installing = new(1);

    static string Folder { get; } = FindFolder();

    /// <summary>What a script prints, as JSON.</summary>
    public static async Task<JsonElement> RunAsync(string script, params string[] arguments)
    {
        await InstallAsync();
        var output = await StartAsync("node", [Path.Combine(Folder, "parquet", script), .. arguments]);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    static async Task InstallAsync()
    {
        await Installing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!Directory.Exists(Path.Combine(Folder, "node_modules", "hyparquet"))) await StartAsync("npm", ["ci", "--no-audit", "--no-fund"]);
        }
        finally
        {
            Installing.Release();
        }
    }

    static async Task<string> StartAsync(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (process.ExitCode == 0) return await output;
        throw new InvalidOperationException(
            $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}. These tests need Node 20 and its packages: cd {Folder} && npm ci\n{await error}");
    }

    static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var readers = Path.Combine(folder.FullName, "tests", "readers");
            if (Directory.Exists(readers)) return readers;
        }
        throw new DirectoryNotFoundException($"No tests/readers above {AppContext.BaseDirectory}.");
    }
}
