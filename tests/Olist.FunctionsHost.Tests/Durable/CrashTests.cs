using Olist.FunctionsHost.Durable;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.Tests.Support;

namespace Olist.FunctionsHost.Tests.Durable;

public sealed class CrashTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Ends the engine at the n-th time that a point is reached.</summary>
    sealed class CrashAt(DurablePoint point, int occurrence) : IDurableFaults
    {
        int _seen;

        public bool Crashed => Volatile.Read(ref _seen) >= occurrence;

        public void At(DurablePoint reached, string instanceId)
        {
            if (reached == point && Interlocked.Increment(ref _seen) >= occurrence) throw new DurableFaultException($"crash at {point}, time {occurrence}");
        }
    }

    public static TheoryData<string, int> Points()
    {
        var points = new TheoryData<string, int>();
        foreach (var point in Enum.GetNames<DurablePoint>().Where(name => !name.Contains("Entity", StringComparison.Ordinal))) // Those: EntityCrashTests.
            foreach (var occurrence in (int[])[1, 2, 4, 7]) points.Add(point, occurrence);
        return points;
    }

    [Theory]
    [MemberData(nameof(Points))]
    public async Task A_crash_at_any_durable_point_ends_in_the_same_result(string point, int occurrence)
    {
        using var folder = new TempFolder();
        var crash = new CrashAt(Enum.Parse<DurablePoint>(point), occurrence);
        // A checkpoint after every step, so that its points are reached as well.
        await using (var app = await DurableApp.StartAsync(folder, faults: crash, configure: options => options.DurableCheckpointBytes = 1))
        {
            await DriveAsync(app, crash);
            while (occurrence == 1 && point.StartsWith("Checkpoint", StringComparison.Ordinal) && !crash.Crashed)
            {
                await app.Engine.CheckpointAsync();
                await Task.Yield();
            }
            Assert.True(occurrence > 1 || crash.Crashed, $"{point} was never reached");
        }
        await using var again = await DurableApp.StartAsync(folder);
        Assert.Equal("a.,Everything:c.,5,told", await DriveAsync(again, null));
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await again.GetAsync("e-c"))!.RuntimeStatus);
    }

    /// <summary>What a client does that is not sure how far it came: start unless it is there, tell unless it is done. Null after a crash.</summary>
    static async Task<string?> DriveAsync(DurableApp app, CrashAt? crash)
    {
        try
        {
            await app.Client.PurgeInstanceAsync((await app.RunAsync("Chain", "scratch")).InstanceId, Cancellation);
            if (await app.GetAsync("e") is null) await app.Client.ScheduleNewOrchestrationInstanceAsync("Everything", new StartOrchestrationOptions("e"), Cancellation);
            while (await app.GetAsync("e") is not { SerializedCustomStatus: "\"ready\"" })
            {
                if (crash?.Crashed == true && app.Engine.IsDead) return null;
                await Task.Yield();
            }
            if ((await app.GetAsync("e"))!.IsCompleted is false) await app.Client.RaiseEventAsync("e", "go", "told", Cancellation);
            while (await app.GetAsync("e") is not { IsCompleted: true })
            {
                if (crash?.Crashed == true && app.Engine.IsDead) return null;
                await Task.Yield();
            }
            return (await app.GetAsync("e"))!.ReadOutputAs<string>();
        }
        catch (Exception error) when (crash is not null && app.Engine.IsDead && error is DurableFaultException or ObjectDisposedException or Olist.FunctionsHost.Hosting.FunctionsHostException)
        {
            return null;
        }
    }

    [Theory]
    [InlineData(20161004), InlineData(20181017), InlineData(7)]
    public async Task Many_orchestrations_and_many_crashes_lose_and_double_nothing(int seed)
    {
        var random = new Random(seed);
        using var folder = new TempFolder();
        var points = Enum.GetValues<DurablePoint>();
        var trace = new Trace();
        for (var round = 0; round < 8; round++)
        {
            var crash = new CrashAt(points[random.Next(points.Length)], random.Next(1, 60));
            await using var app = await DurableApp.StartAsync(folder, faults: crash, trace: trace, configure: options => options.DurableCheckpointBytes = 20_000);
            try
            {
                for (var i = 0; i < 40; i++)
                {
                    if (await app.GetAsync($"c{i}") is null) await app.Client.ScheduleNewOrchestrationInstanceAsync("Chain", $"{i}:", new StartOrchestrationOptions($"c{i}"), Cancellation);
                    if (app.Engine.IsDead) break;
                }
                while (!app.Engine.IsDead && !await AllDoneAsync(app)) await Task.Yield();
            }
            catch (Exception error) when (app.Engine.IsDead && error is not Xunit.Sdk.IAssertionException)
            {
                // The crash of this round; the next one goes on.
            }
        }
        await using var last = await DurableApp.StartAsync(folder, trace: trace);
        for (var i = 0; i < 40; i++)
        {
            if (await last.GetAsync($"c{i}") is null) await last.Client.ScheduleNewOrchestrationInstanceAsync("Chain", $"{i}:", new StartOrchestrationOptions($"c{i}"), Cancellation);
            Assert.Equal($"{i}:0.1.2.3.4.", (await last.CompletedAsync($"c{i}")).ReadOutputAs<string>());
        }
    }

    static async Task<bool> AllDoneAsync(DurableApp app)
    {
        for (var i = 0; i < 40; i++)
            if (await app.GetAsync($"c{i}") is not { IsCompleted: true }) return false;
        return true;
    }
}
