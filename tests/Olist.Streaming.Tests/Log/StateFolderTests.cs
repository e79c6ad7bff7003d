using System.Diagnostics;
using Olist.Streaming.Log;

namespace Olist.Streaming.Tests.Log;

public sealed class StateFolderTests : IDisposable
{
    readonly TempFolder _folder = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    Task<LocalEventLog> OpenAsync(string name) => LocalEventLog.OpenAsync(_folder.Of(name), LocalLogOptions.Default, TimeProvider.System, Token);

    [Fact]
    public async Task Only_one_log_has_a_folder_at_a_time()
    {
        await using (await OpenAsync("state"))
        {
            var exception = await Assert.ThrowsAsync<StateInUseException>(() => OpenAsync("state"));
            Assert.Contains(_folder.Of("state"), exception.Message, StringComparison.Ordinal);
            Assert.Contains($"process {Environment.ProcessId}", exception.Message, StringComparison.Ordinal);
        }
        await using var again = await OpenAsync("state");
        Assert.Empty(again.Recovered);
    }

    [Fact]
    public async Task Of_many_racing_opens_exactly_one_wins()
    {
        var opens = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            try
            {
                return await OpenAsync("raced");
            }
            catch (StateInUseException)
            {
                return null;
            }
        }));
        await Assert.Single(opens, log => log is not null)!.DisposeAsync();
    }

    [Fact]
    public async Task Another_process_keeps_the_folder_until_it_dies()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the other process is flock(1) of util-linux");
        await (await OpenAsync("state")).DisposeAsync();
        using var other = Process.Start(new ProcessStartInfo("flock", [Path.Combine(_folder.Of("state"), "olist.lock"), "sh", "-c", "echo locked; exec sleep 600"]) { RedirectStandardOutput = true })!;
        try
        {
            Assert.Equal("locked", await other.StandardOutput.ReadLineAsync(Token));
            await Assert.ThrowsAsync<StateInUseException>(() => OpenAsync("state"));
        }
        finally
        {
            other.Kill(entireProcessTree: true);
        }
        await other.WaitForExitAsync(Token);
        await other.StandardOutput.ReadToEndAsync(Token);   // ends when the last process that had the file is gone
        await (await OpenAsync("state")).DisposeAsync();
    }

    [Fact]
    public async Task A_folder_of_something_else_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(_folder.Of("photos"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Of("photos"), "holiday.jpg"), "x", Token);
        var exception = await Assert.ThrowsAsync<StreamingException>(() => OpenAsync("photos"));
        Assert.Contains("is no state folder: it holds 'holiday.jpg'", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["holiday.jpg"], Directory.EnumerateFileSystemEntries(_folder.Of("photos")).Select(Path.GetFileName));
        await File.WriteAllTextAsync(_folder.Of("file"), "x", Token);
        Assert.Contains("is a file", (await Assert.ThrowsAsync<StreamingException>(() => OpenAsync("file"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_another_version_is_refused()
    {
        await (await OpenAsync("state")).DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder.Of("state"), "olist.state"), "format 2", Token);
        Assert.Contains("another version", (await Assert.ThrowsAsync<StreamingException>(() => OpenAsync("state"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_first_open_that_was_killed_half_way_is_repeated()
    {
        Directory.CreateDirectory(_folder.Of("state"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Of("state"), "olist.lock"), "", Token);
        await File.WriteAllTextAsync(Path.Combine(_folder.Of("state"), "olist.state.new"), "This fol", Token);
        await (await OpenAsync("state")).DisposeAsync();
    }
}
