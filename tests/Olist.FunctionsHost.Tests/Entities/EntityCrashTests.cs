using Olist.FunctionsHost.Durable;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.Tests.Support;

namespace Olist.FunctionsHost.Tests.Entities;

public sealed class EntityCrashTests
{
    const int Accounts = 6;

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

    /// <summary>
    /// What a client knows: every signal carries a number of its own, so what came of it can be counted in the entries; of one that was not
    /// acknowledged it only knows that it came at most once.
    /// </summary>
    sealed class Model
    {
        public int Next = 1;
        public readonly HashSet<(string Key, int Number)> Acknowledged = [];
        public readonly HashSet<(string Key, int Number)> Unsure = [];
        public readonly List<string> Transfers = [];
    }

    public static TheoryData<string, int> Points()
    {
        var points = new TheoryData<string, int>();
        foreach (var point in Enum.GetNames<DurablePoint>().Where(name => name.Contains("Entity", StringComparison.Ordinal) || name.StartsWith("Checkpoint", StringComparison.Ordinal)))
            foreach (var occurrence in (int[])[1, 3, 8]) points.Add(point, occurrence);
        return points;
    }

    [Theory]
    [MemberData(nameof(Points))]
    public async Task A_crash_at_any_durable_point_loses_and_doubles_nothing(string point, int occurrence)
    {
        using var folder = new TempFolder();
        var crash = new CrashAt(Enum.Parse<DurablePoint>(point), occurrence);
        var (model, random) = (new Model(), new Random(occurrence));
        await using (var app = await EntityApp.StartAsync(folder, faults: crash, configure: options => options.DurableCheckpointBytes = 1))
        {
            for (var turn = 0; turn < 400 && !crash.Crashed && !app.Durable.Engine.IsDead; turn++) await TurnAsync(app, model, random);
            // Checkpoints and merges run beside the turns, and on a busy machine behind them.
            for (var wait = 0; wait < 400 && occurrence == 1 && !crash.Crashed && !app.Durable.Engine.IsDead; wait++)
            {
                await TurnAsync(app, model, random);
                await Task.Delay(20, Cancellation);
            }
            Assert.True(occurrence > 1 || crash.Crashed, $"{point} was never reached");
        }
        await CheckAsync(folder, model);
    }

    [Theory]
    [InlineData(20161004), InlineData(20181017), InlineData(11)]
    public async Task Many_crashes_at_random_points_lose_and_double_nothing(int seed)
    {
        var random = new Random(seed);
        using var folder = new TempFolder();
        var points = Enum.GetValues<DurablePoint>();
        var model = new Model();
        for (var round = 0; round < 10; round++)
        {
            var crash = new CrashAt(points[random.Next(points.Length)], random.Next(1, 40));
            await using var app = await EntityApp.StartAsync(folder, faults: crash, configure: options => options.DurableCheckpointBytes = 3000);
            for (var turn = 0; turn < 60 && !app.Durable.Engine.IsDead; turn++) await TurnAsync(app, model, random);
        }
        await CheckAsync(folder, model);
    }

    /// <summary>One thing that a client does, chosen by chance.</summary>
    static async Task TurnAsync(EntityApp app, Model model, Random random)
    {
        try
        {
            switch (random.Next(10))
            {
                case 0:
                    var id = $"t{model.Next++}";
                    model.Transfers.Add(id);
                    var (from, to) = (random.Next(Accounts), random.Next(Accounts - 1));
                    await app.Durable.Client.ScheduleNewOrchestrationInstanceAsync("Transfer", new Transfer($"m{from}", $"m{(to >= from ? to + 1 : to)}", 0), new StartOrchestrationOptions(id), Cancellation);
                    break;
                case 1:
                    await app.SignalAsync($"empty{random.Next(4)}", "delete");
                    break;
                case 2:
                    await app.Entities.CleanEntityStorageAsync(null, true, Cancellation);
                    break;
                case 3:
                    await app.Durable.Engine.CheckpointAsync();
                    break;
                default:
                    await Task.WhenAll(Enumerable.Range(0, random.Next(1, 6)).Select(_ => SignalAsync(app, model, $"m{random.Next(Accounts)}")));
                    break;
            }
        }
        catch (Exception error) when (error is DurableFaultException or ObjectDisposedException or Olist.FunctionsHost.Hosting.FunctionsHostException)
        {
            Assert.True(app.Durable.Engine.IsDead, error.ToString());
        }
    }

    static async Task SignalAsync(EntityApp app, Model model, string key)
    {
        int number;
        lock (model) model.Unsure.Add((key, number = model.Next++));
        await app.SignalAsync(key, number % 3 == 0 ? "AddSlowly" : "Add", number);
        lock (model)
        {
            model.Unsure.Remove((key, number));
            model.Acknowledged.Add((key, number));
        }
    }

    static async Task CheckAsync(TempFolder folder, Model model)
    {
        await using (var app = await EntityApp.StartAsync(folder))
        {
            foreach (var id in model.Transfers)
                if (await app.Durable.GetAsync(id) is not null) await app.Durable.CompletedAsync(id);
            await app.UntilAsync(async () => await IsQuietAsync(app), "everything to be dealt with");
            await CompareAsync(app, model);
            await app.Durable.Engine.CheckpointAsync();
        }
        await using var again = await EntityApp.StartAsync(folder);
        await CompareAsync(again, model);
    }

    static async Task<bool> IsQuietAsync(EntityApp app)
    {
        await foreach (var entity in app.Entities.GetAllEntitiesAsync(new Olist.FunctionsHost.DurableTask.Client.Entities.EntityQuery { IncludeTransient = true }))
            if (entity.BacklogQueueSize > 0 || entity.LockedBy is not null) return false;
        return true;
    }

    static async Task CompareAsync(EntityApp app, Model model)
    {
        for (var i = 0; i < Accounts; i++)
        {
            var key = $"m{i}";
            var entries = (await app.StateAsync(key))?.Entries.Where(entry => entry != 0).ToList() ?? [];
            Assert.Equal(entries.Count, entries.Distinct().Count());
            Assert.Empty(model.Acknowledged.Where(signal => signal.Key == key).Select(signal => signal.Number).Except(entries));
            Assert.All(entries, entry => Assert.True(model.Acknowledged.Contains((key, entry)) || model.Unsure.Contains((key, entry))));
            Assert.Equal((await app.StateAsync(key))?.Balance ?? 0, entries.Sum());
        }
    }
}
