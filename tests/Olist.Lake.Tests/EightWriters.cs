using System.Diagnostics;
using System.Globalization;
using Olist.Storage;

namespace Olist.Lake.Tests;

/// <summary>8 writers in 4 processes append and merge into one table for some seconds while readers read it; then everything is counted. Run by tests/soak/eight-writers.sh.</summary>
/// <remarks>Each writer appends orders of its own, numbered without gaps, and adds one to a row that all share, in turns: the numbers that the writers report say exactly what must be there.</remarks>
static class EightWriters
{
    const string Asked = "OLIST_LAKE_SOAK_SECONDS", Address = "OLIST_LAKE_SOAK_ADDRESS", Part = "OLIST_LAKE_SOAK_PART";
    const int Processes = 4, WritersPerProcess = 2, OrdersPerWriter = 1_000_000;

    /// <returns>The exit code, or null when this process is asked for something else.</returns>
    public static async Task<int?> RunWhenAskedAsync()
    {
        if (Environment.GetEnvironmentVariable(Asked) is not { } text) return null;
        var time = TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));
        var address = Environment.GetEnvironmentVariable(Address) ?? throw new InvalidOperationException($"{Address} is not set; expected s3://bucket/prefix or an empty folder.");
        if (Environment.GetEnvironmentVariable(Part) is { } part) return await WriteAsync(address, int.Parse(part, CultureInfo.InvariantCulture), time);
        return await JudgeAsync(address, time);
    }

    static IObjectStore Open(string address) => ObjectStores.Open(address, new S3Settings
    {
        Endpoint = Environment.GetEnvironmentVariable("OLIST_TEST_S3_ENDPOINT") is { Length: > 0 } endpoint ? new Uri(endpoint) : null,
        AccessKey = Environment.GetEnvironmentVariable("OLIST_TEST_S3_ACCESS_KEY") ?? "olist",
        SecretKey = Environment.GetEnvironmentVariable("OLIST_TEST_S3_SECRET_KEY") ?? "olistsecret",
    }, Durability.Process);

    /// <summary>One process: two writers, each with a store and a table of its own. Prints "writer orders counts" of each.</summary>
    static async Task<int> WriteAsync(string address, int part, TimeSpan time)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(part * WritersPerProcess, WritersPerProcess).Select(async writer =>
        {
            var catalog = await LakeCatalog.OpenExistingAsync(Open(address), TimeProvider.System);
            var table = await catalog.GetTableAsync(TestLake.Name);
            int orders = 0, counts = 0;
            while (watch.Elapsed < time)
            {
                await table.CommitAsync(new TableChange { Append = [TestLake.Batch(TestLake.Order(writer * OrdersPerWriter + orders))] });
                orders++;
                await WriterProcess.CountAsync(table);
                counts++;
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{writer} {orders} {counts}"));
        }));
        return 0;
    }

    static async Task<int> JudgeAsync(string address, TimeSpan time)
    {
        var catalog = await LakeCatalog.OpenAsync(Open(address), TimeProvider.System);
        var table = await catalog.EnsureTableAsync(TestLake.Name, TestLake.Definition);
        var processes = Enumerable.Range(0, Processes).Select(Start).ToArray();
        using var written = new CancellationTokenSource();
        var reading = ReadAsync(await catalog.GetTableAsync(TestLake.Name), written.Token);
        var reports = await Task.WhenAll(processes.Select(ReportAsync));
        await written.CancelAsync();
        var scans = await reading;

        var writers = reports.SelectMany(report => report.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => line.Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray())
            .Select(numbers => (Writer: numbers[0], Orders: numbers[1], Counts: numbers[2])).OrderBy(report => report.Writer).ToArray();
        await table.RefreshAsync();
        var rows = await RowsAsync(table);
        Check("each of the 8 writers reports", writers.Select(report => report.Writer).SequenceEqual(Enumerable.Range(0, Processes * WritersPerProcess)));
        Check("no order is lost, doubled or unknown", rows.Where(row => row.OrderId != "shared").Order(Comparer<TestLake.Row>.Create((a, b) => string.CompareOrdinal(a.OrderId, b.OrderId)))
            .SequenceEqual(writers.SelectMany(report => Enumerable.Range(0, report.Orders).Select(i => TestLake.Order(report.Writer * OrdersPerWriter + i)))));
        Check("no count is lost or doubled", rows.Where(row => row.OrderId == "shared").Select(row => row.Quantity ?? 0).SequenceEqual([writers.Sum(report => (long)report.Counts)]));
        Check("every commit is one snapshot", table.Snapshots.Count == writers.Sum(report => report.Orders + report.Counts));
        Check("the history is linear", table.Snapshots.Select(snapshot => snapshot.ParentId).SequenceEqual(table.Snapshots.Select(snapshot => (long?)snapshot.SnapshotId).Prepend(null).SkipLast(1))
            && table.Snapshots.Select(snapshot => snapshot.SequenceNumber).SequenceEqual(Enumerable.Range(1, table.Snapshots.Count).Select(number => (long)number)));
        Check("readers read meanwhile", scans > 0);
        Console.WriteLine($"{table.Snapshots.Count} commits by {writers.Length} writers in {Processes} processes within {time.TotalSeconds:F0} s and what was under way; {rows.Count} rows; {scans} scans meanwhile, none failed");
        return 0;

        Process Start(int part)
        {
            var start = new ProcessStartInfo("dotnet", [typeof(EightWriters).Assembly.Location]) { RedirectStandardError = true, RedirectStandardOutput = true };
            start.Environment[Part] = part.ToString(CultureInfo.InvariantCulture);
            return Process.Start(start)!; // throws when it can't
        }
    }

    static async Task<string> ReportAsync(Process process)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Check($"a writer process ends well: {await error}", process.ExitCode == 0);
        process.Dispose();
        return await output;
    }

    /// <summary>Scans again and again; every state read must be one that could have been committed, and none older than the one before.</summary>
    static async Task<int> ReadAsync(LakeTable table, CancellationToken written)
    {
        var scans = 0;
        long orders = 0, shared = 0;
        while (!written.IsCancellationRequested)
        {
            await table.RefreshAsync(CancellationToken.None);
            var rows = await RowsAsync(table);
            Check("a reader sees no row twice", rows.Select(row => row.OrderId).Distinct().Count() == rows.Count);
            var (count, quantity) = (rows.Count(row => row.OrderId != "shared"), rows.SingleOrDefault(row => row.OrderId == "shared")?.Quantity ?? 0);
            Check("a reader never goes back", count >= orders && quantity >= shared);
            // Each writer counts after it appended, so at most one order of each is not counted yet.
            Check("a reader sees orders before their counts", count - quantity is >= 0 and <= Processes * WritersPerProcess);
            (orders, shared) = (count, quantity);
            scans++;
        }
        return scans;
    }

    static async Task<List<TestLake.Row>> RowsAsync(LakeTable table)
    {
        var rows = new List<TestLake.Row>();
        await foreach (var batch in table.ScanAsync(null, null)) rows.AddRange(TestLake.Rows(batch));
        return rows;
    }

    static void Check(string promise, bool kept)
    {
        if (!kept) throw new InvalidOperationException($"Not so: {promise}");
    }
}
