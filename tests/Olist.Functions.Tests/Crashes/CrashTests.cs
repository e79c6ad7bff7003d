using System.Globalization;

namespace Olist.Functions.Tests.Crashes;

/// <summary>
/// The whole app in a process of its own, killed with SIGKILL at durable steps and at moments; started again, it ends in the oracle's tables and in the entities of an undisturbed run.
/// The steps are those that the undisturbed run meets: a new one is in by itself.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static int Seed => Setting("OLIST_CRASH_SEED") is { } seed ? int.Parse(seed, CultureInfo.InvariantCulture) : 1;

    static string? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Six steps and two moments, in three lakes; which ones, the seed says.</summary>
    [Fact]
    public async Task Killed_at_some_steps_and_moments_it_ends_as_if_undisturbed()
    {
        using var bench = await CrashBench.OpenAsync(Token);
        var random = new Random(Seed);
        var steps = bench.Steps.Keys.ToArray();
        random.Shuffle(steps);
        var deaths = steps.Take(6).Select(step => AnyTime(bench, step, random)).ToArray();
        await RunAsync(bench, [new(deaths[..3]), new(deaths[3..]), new([AnyMoment(bench, random), AnyMoment(bench, random)], LoseAnswers: true)]);
    }

    /// <summary>Every step once (OLIST_CRASH_STEPS: a part of the names), then 200 moments (OLIST_CRASH_MOMENTS), four to a lake, and lost answers at every commit; tests/soak/crash-everywhere.sh runs it.</summary>
    [Fact(Explicit = true)]
    public async Task Killed_everywhere_it_ends_as_if_undisturbed()
    {
        using var bench = await CrashBench.OpenAsync(Token);
        var random = new Random(Seed);
        var part = Setting("OLIST_CRASH_STEPS") ?? "";
        var moments = int.Parse(Setting("OLIST_CRASH_MOMENTS") ?? "200", CultureInfo.InvariantCulture);
        var cases = bench.Steps.Keys.Select(step => new CrashCase([AnyTime(bench, step, random)])).ToList();
        cases.RemoveAll(one => !one.ToString().Contains(part, StringComparison.Ordinal));
        for (; moments > 0; moments -= 4)
            cases.Add(new CrashCase([.. Enumerable.Range(0, Math.Min(4, moments)).Select(_ => AnyMoment(bench, random))], LoseAnswers: random.Next(4) == 0));
        cases.Add(new CrashCase([], LoseAnswers: true));
        await RunAsync(bench, cases);
    }

    /// <summary>The case in OLIST_CRASH_CASE, as a failure prints it.</summary>
    [Fact(Explicit = true)]
    public async Task Killed_as_told_it_ends_as_if_undisturbed()
    {
        using var bench = await CrashBench.OpenAsync(Token);
        await RunAsync(bench, [CrashCase.Parse(Setting("OLIST_CRASH_CASE") ?? "")]);
    }

    static Death AnyTime(CrashBench bench, string step, Random random) => new(step, 1 + random.Next(Math.Max(1, bench.Steps[step] / 2)));

    static Death AnyMoment(CrashBench bench, Random random) => new(null, random.Next(300, (int)bench.Span.TotalMilliseconds));

    async Task RunAsync(CrashBench bench, List<CrashCase> cases)
    {
        output.WriteLine($"seed {Seed}: {bench.Steps.Count} durable steps met in {bench.Span.TotalSeconds:F1} s; {cases.Count} lakes");
        var failures = new List<string>();
        for (var i = 0; i < cases.Count; i++)
        {
            var started = TimeProvider.System.GetTimestamp();
            var (died, problems) = await bench.RunAsync(cases[i], Token);
            var alive = cases[i].Deaths.Where((_, at) => at < died.Count && !died[at]).ToArray();
            output.WriteLine($"{(problems.Count == 0 ? "ok" : "NOT OK")} {i + 1}/{cases.Count} {cases[i]}{(alive.Length > 0 ? $" (not met: {string.Join(", ", alive.AsEnumerable())})" : "")}, {TimeProvider.System.GetElapsedTime(started).TotalSeconds:F1} s");
            if (problems.Count == 0) continue;
            failures.Add($"{string.Join('\n', problems)}\nagain: OLIST_CRASH_CASE='{cases[i]}' dotnet exec artifacts/bin/Olist.Functions.Tests/release/Olist.Functions.Tests.dll -method '*.Killed_as_told_it_ends_as_if_undisturbed' -explicit only -showLiveOutput");
            output.WriteLine(failures[^1]);
        }
        Assert.True(failures.Count == 0, $"{failures.Count} of {cases.Count} lakes are not as they should be; the first:\n{failures.FirstOrDefault()}");
    }
}
