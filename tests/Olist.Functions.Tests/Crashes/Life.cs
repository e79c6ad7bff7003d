using System.Diagnostics;
using System.Text.Json;
using Olist.Functions.Tests.Crashes.Child;

namespace Olist.Functions.Tests.Crashes;

/// <summary>One life of the app in a process of its own.</summary>
static class Life
{
    /// <summary>Exit code of a process that SIGKILL ended.</summary>
    const int Killed = 128 + 9;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(200);

    /// <param name="order">What it is told.</param>
    /// <param name="killAfter">When it is killed from outside, counted from its start.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What it left behind; null when it was killed.</returns>
    /// <exception cref="CrashTestException">It ended in another way.</exception>
    public static async Task<ChildReport?> RunAsync(ChildOrder order, TimeSpan? killAfter, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(order.Report)!);
        File.Delete(order.Report);
        var start = new ProcessStartInfo("dotnet", [typeof(Life).Assembly.Location])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment[ChildOrder.Variable] = JsonSerializer.Serialize(order);
        using var process = Process.Start(start)!; // throws when it can't
        var words = Task.WhenAll(process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(killAfter ?? Patience);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(); // SIGKILL
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            if (killAfter is null) throw new CrashTestException($"not over after {Patience}: {Last(await words)}");
        }
        if (process.ExitCode == Killed) return null;
        if (process.ExitCode != 0 || !File.Exists(order.Report)) throw new CrashTestException($"ended with exit code {process.ExitCode}: {Last(await words)}");
        return JsonSerializer.Deserialize<ChildReport>(await File.ReadAllBytesAsync(order.Report, cancellationToken))!;
    }

    static string Last(string[] words) => string.Join('\n', words.SelectMany(text => text.Split('\n')).Where(line => line.Length > 0).TakeLast(60));
}

/// <summary>The app did not do in one life what it must.</summary>
sealed class CrashTestException(string message) : Exception(message);
