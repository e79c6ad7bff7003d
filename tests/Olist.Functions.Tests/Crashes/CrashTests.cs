using System.Globalization;
using Olist.Functions.Tests.Crashes.Child;

namespace Olist.Functions.Tests.Crashes;

/// <summary>
/// The whole app in a process of its own, killed with SIGKILL at durable steps and at moments; started again, it ends in the oracle's tables and in the entities of an undisturbed run.
/// The steps are those that the undisturbed run meets: a new one is in by itself.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    /// <summary>Moments to a lake.</summary>
    const int PerLake = 4;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    static int Seed => Setting("OLIST_CRASH_SEED") is { } seed ? int.Parse(seed, CultureInfo.InvariantCulture) : 1;

    static string? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Six steps and two moments, in three lakes; which ones, the seed says.</summary>
    [Fact]
    public async Task Killed_at_some_steps_and_moments_it_ends_as_if_undisturbed()
    {
        using var bench = await CrashBench.OpenAsync(Token);
        var random = new Random(Seed);
        var picked = bench.Steps.OrderBy(_ => random.Next()).Take(6).ToArray();
        await RunAsync(bench, [.. Chains(bench, picked, random), new([AnyMoment(bench, random), AnyMoment(bench, random)], LoseAnswers: true)]);
    }

    /// <summary>Lost answers at every commit, every step once (OLIST_CRASH_STEPS: those whose name has that part), 200 moments (OLIST_CRASH_MOMENTS): <c>tests/soak/crash-everywhere.sh</c>.</summary>
    [Fact(Explicit = true)]
    public async Task Killed_everywhere_it_ends_as_if_undisturbed()
    {
        using var bench = await CrashBench.OpenAsync(Token);
        var random = new Random(Seed);
        var part = Setting("OLIST_CRASH_STEPS") ?? "";
        var moments = int.Parse(Setting("OLIST_CRASH_MOMENTS") ?? "200", CultureInfo.InvariantCulture);
        var cases = new List<CrashCase> { new([], LoseAnswers: true) };
        cases.AddRange(Chains(bench, [.. bench.Steps.Where(step => step.Name.Contains(part, StringComparison.Ordinal)).OrderBy(_ => random.Next())], random));
        for (; moments > 0; moments -= PerLake)
            cases.Add(new CrashCase([.. Enumerable.Range(0, Math.Min(PerLake, moments)).Select(_ => AnyMoment(bench, random))], LoseAnswers: random.Next(4) == 0));
        await RunAsync(bench, cases);
    }

    /// <summary>The case in OLIST_CRASH_CASE, as a failure prints it.</summary>
    [Fact(Explicit = true)]
    public async Task Killed_as_told_it_ends_as_if_undisturbed()
    {
        using var bench = await CrashBench.OpenAsync(Token);
        await RunAsync(bench, [CrashCase.Parse(Setting("OLIST_CRASH_CASE") ?? "")]);
    }

    /// <summary>Some steps to a lake, in the order in which they come: after a death, what came before it may come no more.</summary>
    static IEnumerable<CrashCase> Chains(CrashBench bench, IReadOnlyList<StepMet> steps, Random random)
    {
        var order = bench.Steps.Select((step, at) => (step.Name, at)).ToDictionary(step => step.Name, step => step.at);
        foreach (var chain in steps.Chunk(3)) yield return new CrashCase([.. chain.OrderBy(step => order[step.Name]).Select(step => new Death(step.Name, 1 + random.Next(Math.Max(1, step.Times / 4))))]);
    }

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
