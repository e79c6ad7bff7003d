using System.Text.RegularExpressions;

namespace Olist.Functions.Tests.Crashes.Child;

/// <summary>
/// Files that come and go in the state folder as steps: <c>file.host/keys.json.renamed</c>. What has no seam of its own (keys, timers, schemas, segments of the logs)
/// is seen through the file system, a moment after it happened.
/// </summary>
sealed partial class StepFiles : IDisposable
{
    readonly FileSystemWatcher _watcher;

    public StepFiles(string folder, DurableSteps steps)
    {
        Directory.CreateDirectory(folder);
        _watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true, InternalBufferSize = 1 << 20 };
        _watcher.Created += (_, change) => steps.Meet($"file.{Name(change)}.created");
        _watcher.Renamed += (_, change) => steps.Meet($"file.{Name(change)}.renamed");
        _watcher.Deleted += (_, change) => steps.Meet($"file.{Name(change)}.deleted");
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>Topics are alike, and numbers differ from run to run.</summary>
    static string Name(FileSystemEventArgs change) => Topics().Replace(Numbers().Replace(change.Name ?? "", "#"), "topics/*");

    [GeneratedRegex("[0-9a-f]{8,}|[0-9]+")]
    private static partial Regex Numbers();

    [GeneratedRegex("topics/[a-z_]+")]
    private static partial Regex Topics();

    public void Dispose() => _watcher.Dispose();
}
