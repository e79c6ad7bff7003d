using Olist.Functions.Tests.Crashes.Child;
using Olist.Pipeline.Datasets.Synth;
using Olist.Pipeline.Steps;
using Olist.Pipeline.Steps.Bronze;
using Olist.Pipeline.Tests.Speed;
using Olist.Pipeline.Tests.Steps;
using Olist.Streaming;
using Olist.Testing.Oracle;

namespace Olist.Functions.Tests.Crashes;

/// <summary>A dataset, what the oracle makes of it, and what an undisturbed run met and ended in.</summary>
sealed class CrashBench : IDisposable
{
    const int Orders = 80;

    readonly string _folder = Directory.CreateTempSubdirectory("olist-crash-").FullName;
    readonly Dictionary<string, OracleTable> _expected = [];
    int _cases;

    string Dataset => Path.Combine(_folder, "dataset");
    string Reference => Path.Combine(_folder, "reference.json");

    /// <summary>Durable steps that the undisturbed run met, in the order in which it first met them.</summary>
    public IReadOnlyList<StepMet> Steps { get; private set; } = [];

    /// <summary>How long the undisturbed run took from start to end.</summary>
    public TimeSpan Span { get; private set; }

    public static async Task<CrashBench> OpenAsync(CancellationToken cancellationToken)
    {
        var bench = new CrashBench();
        await SyntheticDataset.WriteAsync(Orders, seed: 11, bench.Dataset, cancellationToken);
        foreach (var (name, table) in OracleTables.Compute(bench.Dataset)) bench._expected.Add(name, table);
        bench._expected.Add("stream.fact_order_lead_days", OpenStages.Of(bench._expected["gold.fact_order_lead_days"]) with { Name = "stream.fact_order_lead_days" });
        bench._expected.Add("stream.fact_order_detail", bench._expected["gold.fact_order_detail"] with { Name = "stream.fact_order_detail" });
        bench._expected.Add("stream.dim_user_location", bench._expected["gold.dim_user_location"] with { Name = "stream.dim_user_location" });
        var started = TimeProvider.System.GetTimestamp();
        var lake = bench.NewLake();
        var report = await Life.RunAsync(new ChildOrder(lake, bench.Dataset, null, 0, false, null, bench.Reference), null, cancellationToken)
            ?? throw new CrashTestException("the undisturbed run was killed");
        bench.Span = TimeProvider.System.GetElapsedTime(started);
        bench.Steps = report.Steps;
        var problems = await bench.ProblemsAsync(lake, report, cancellationToken);
        return problems.Count == 0 ? bench : throw new CrashTestException($"the undisturbed run: {string.Join('\n', problems)}");
    }

    string NewLake() => Path.Combine(_folder, $"case-{++_cases}", "lake");

    /// <summary>Runs a case on a lake of its own.</summary>
    /// <returns>Whether each death came, and what is wrong in the end: nothing when it is empty.</returns>
    public async Task<(IReadOnlyList<bool> Died, IReadOnlyList<string> Problems)> RunAsync(CrashCase which, CancellationToken cancellationToken)
    {
        var lake = NewLake();
        var died = new List<bool>();
        try
        {
            var order = new ChildOrder(lake, Dataset, null, 0, which.LoseAnswers, Reference, lake + ".report.json");
            foreach (var death in which.Deaths)
            {
                var report = death.Step is { } step
                    ? await Life.RunAsync(order with { KillAt = step, KillAtTime = death.Time }, null, cancellationToken)
                    : await Life.RunAsync(order, TimeSpan.FromMilliseconds(death.Time), cancellationToken);
                died.Add(report is null);
            }
            var last = await Life.RunAsync(order, null, cancellationToken) ?? throw new CrashTestException("killed, and not by us");
            return (died, await ProblemsAsync(lake, last, cancellationToken));
        }
        catch (CrashTestException exception)
        {
            return (died, [$"life {died.Count + 1}: {exception.Message}"]);
        }
        finally
        {
            if (Environment.GetEnvironmentVariable("OLIST_CRASH_KEEP") is null && Directory.Exists(Path.GetDirectoryName(lake))) Directory.Delete(Path.GetDirectoryName(lake)!, recursive: true);
        }
    }

    /// <summary>Each table beside the oracle's, and nothing set aside; the entities were compared by the app's last life.</summary>
    async Task<IReadOnlyList<string>> ProblemsAsync(string lake, ChildReport report, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        if (report.Unsettled is { } why) problems.Add($"not settled: {why}");
        if (report.Entities.Count == 0) problems.Add("there are no entities");
        await using var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Lake = lake }, TimeProvider.System, cancellationToken);
        foreach (var (name, table) in _expected)
        {
            if (await workspace.Tables.FindAsync(name, cancellationToken) is { } actual) problems.AddRange(table.Differences(await LakeRows.ReadAsync(actual, cancellationToken), 3));
            else problems.Add($"there is no table {name}");
        }
        if ((await workspace.Log.GetWatermarksAsync(new TopicPartition(DeadLetters.Topic, 0), cancellationToken)).Latest is var dead and > 0) problems.Add($"{dead} dead letters");
        return problems;
    }

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("OLIST_CRASH_KEEP") is null) Directory.Delete(_folder, recursive: true);
    }
}
