using System.Diagnostics;
using System.Globalization;
using Olist.Storage;

namespace Olist.Lake.Tests;

/// <summary>This very assembly started again as a process of its own that only appends and merges: what threads can't show, processes do.</summary>
static class WriterProcess
{
    const string Variable = "OLIST_LAKE_TEST_WRITER";

    public static Process Start(string folder, int writer, int commits)
    {
        // The runner may be the test executable itself or dotnet with its assembly: dotnet with the assembly always works.
        var start = new ProcessStartInfo("dotnet", [typeof(WriterProcess).Assembly.Location])
        {
            RedirectStandardError = true,
        };
        start.Environment[Variable] = string.Create(CultureInfo.InvariantCulture, $"{writer}|{commits}|{folder}");
        return Process.Start(start)!; // throws when it can't
    }

    /// <returns>The exit code, or null when this process is a test runner.</returns>
    public static async Task<int?> RunWhenAskedAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } order) return null;
        var parts = order.Split('|', 3);
        await RunAsync(int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]);
        return 0;
    }

    static async Task RunAsync(int writer, int commits, string folder)
    {
        var catalog = await LakeCatalog.OpenExistingAsync(new LocalObjectStore(folder, Durability.Process), TimeProvider.System);
        var table = await catalog.GetTableAsync(TestLake.Name);
        for (var i = 0; i < commits; i++)
        {
            await table.CommitAsync(new TableChange { Append = [TestLake.Batch(TestLake.Order(writer * 1_000 + i))] });
            await CountAsync(table);
        }
    }

    /// <summary>Adds one to the row that all writers share.</summary>
    public static async Task CountAsync(LakeTable table)
    {
        while (true)
        {
            var at = table.Current?.SnapshotId;
            var (rows, positions) = await table.LookupAsync(at, TestLake.Keys("shared"), null);
            var next = rows.RowCount == 0 ? 1 : TestLake.Rows(rows)[0].Quantity + 1;
            try
            {
                await table.CommitAsync(new TableChange { Append = [TestLake.Batch(new TestLake.Row("shared", Quantity: next))], Delete = positions, BaseSnapshotId = at });
                return;
            }
            catch (CommitConflictException)
            {
                await table.RefreshAsync();
            }
        }
    }
}
