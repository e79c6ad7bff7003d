using System.Globalization;
using System.Text;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.DurableTask.Entities;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Tests.Simulation;

#pragma warning disable CA1822
/// <summary>What one ledger has been told: every number once, and each number's due time if it had one.</summary>
public sealed class LedgerState
{
    public List<int> Entries { get; set; } = [];
    public List<int> Records { get; set; } = [];
    public List<string> Moves { get; set; } = [];
    public int Balance { get; set; }
}

/// <summary>An operation with the number that it has in the model; one that is passed on, by a signal or carried by an orchestration, takes a coin along.</summary>
public sealed record Numbered(int Number, long DueTicks = 0, string? PassTo = null, bool HasCoin = false, bool IsCarried = false);

public sealed record Move(string Id, int Amount);

public sealed class Ledger(SimulatedWorld world) : TaskEntity<LedgerState>
{
    public static EntityInstanceId IdOf(string key) => new("Ledger", key);

    [Function("Ledger")]
    public static Task Run([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<Ledger>();

    /// <summary>Not idempotent: what comes twice is seen.</summary>
    public void Add(Numbered one)
    {
        ArgumentNullException.ThrowIfNull(one);
        world.Note($"{Context.Id.Key} adds {one.Number}");
        world.CheckDue(one);
        if (one.PassTo is { } target)
        {
            State.Balance--;
            var coin = one with { PassTo = null, DueTicks = 0, HasCoin = true };
            if (one.IsCarried) world.Note($"{one.Number} goes with {Context.ScheduleNewOrchestration("Carry", new Parcel(target, coin))}");
            else Context.SignalEntity(IdOf(target), "Add", coin);
            return;
        }
        State.Entries.Add(one.Number);
        if (one.HasCoin) State.Balance++;
    }

    public async Task AddSlowly(Numbered one)
    {
        await Task.Yield();
        await Task.Yield();
        Add(one);
    }

    /// <summary>Throws after it has changed and sent: none of it may be seen.</summary>
    public void AddAndFail(Numbered one)
    {
        ArgumentNullException.ThrowIfNull(one);
        State.Entries.Add(-1);
        Context.SignalEntity(Context.Id, "Add", new Numbered(-2));
        throw new InvalidOperationException("by design");
    }

    /// <summary>Idempotent, as what comes from a topic has to be.</summary>
    public void Take(int[] records)
    {
        world.Note($"{Context.Id.Key} takes {string.Join(",", records)}");
        foreach (var record in records)
            if (!State.Records.Contains(record)) State.Records.Add(record);
    }

    public int Change(Move move)
    {
        ArgumentNullException.ThrowIfNull(move);
        State.Moves.Add($"{move.Id}:{move.Amount}");
        return State.Balance += move.Amount;
    }
}

public sealed record Parcel(string To, Numbered What);

public sealed record TransferOrder(string From, string To, int Amount);

public sealed class SimulatedOrchestrations(SimulatedWorld world)
{
    [Function("Transfer")]
    public static async Task<string> Transfer([OrchestrationTrigger] TaskOrchestrationContext context, TransferOrder order)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(order);
        await using (await context.Entities.LockEntitiesAsync(Ledger.IdOf(order.From), Ledger.IdOf(order.To)))
        {
            await context.Entities.CallEntityAsync<int>(Ledger.IdOf(order.From), "Change", new Move(context.InstanceId, -order.Amount));
            await context.Entities.CallEntityAsync<int>(Ledger.IdOf(order.To), "Change", new Move(context.InstanceId, order.Amount));
        }
        return "moved";
    }

    /// <summary>Started without an id, by entities and clients.</summary>
    [Function("Carry")]
    public static async Task<string> Carry([OrchestrationTrigger] TaskOrchestrationContext context, Parcel parcel)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(parcel);
        var again = TaskOptions.FromRetryPolicy(new RetryPolicy(20, TimeSpan.FromMilliseconds(300), 2, TimeSpan.FromSeconds(5)));
        await context.CallActivityAsync("Weigh", parcel.What.Number, again);
        await context.Entities.SignalEntityAsync(Ledger.IdOf(parcel.To), "Add", parcel.What);
        return context.InstanceId;
    }

    [Function("Weigh")]
    public void Weigh([ActivityTrigger] int number, FunctionContext invocation)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        world.Note($"weigh {number}, invocation {invocation.InvocationId}");
        world.FailSometimes(5);
    }

    /// <summary>A bit of everything: timer, activities side by side, a sub-orchestration, an event.</summary>
    [Function("Journey")]
    public static async Task<string> Journey([OrchestrationTrigger] TaskOrchestrationContext context, int number)
    {
        ArgumentNullException.ThrowIfNull(context);
        await context.CreateTimer(TimeSpan.FromSeconds(number % 7), CancellationToken.None);
        var squares = await Task.WhenAll(context.CallActivityAsync<int>("Square", number), context.CallActivityAsync<int>("Square", number + 1));
        var told = await context.WaitForExternalEvent<int>("tell");
        var child = await context.CallSubOrchestratorAsync<int>("Leg", number, new SubOrchestrationOptions(instanceId: context.InstanceId + "-leg"));
        return string.Create(CultureInfo.InvariantCulture, $"{squares[0]},{squares[1]},{told},{child}");
    }

    [Function("Leg")]
    public static async Task<int> Leg([OrchestrationTrigger] TaskOrchestrationContext context, int number)
    {
        ArgumentNullException.ThrowIfNull(context);
        for (var i = 0; i < 2; i++) number = await context.CallActivityAsync<int>("Square", number % 10);
        return number;
    }

    [Function("Square")]
    public async Task<int> Square([ActivityTrigger] int number)
    {
        world.Note($"square {number}");
        await Task.Yield();
        return number * number;
    }
}

public sealed class SimulatedTracking(SimulatedWorld world)
{
    [Function("track"), ExponentialBackoffRetry(3, "00:00:01", "00:00:20")]
    public async Task Track(
        [KafkaTrigger("b", SimulatedLog.Topic, ConsumerGroup = "g", IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, [DurableClient] DurableTaskClient client, FunctionContext invocation)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(invocation);
        world.Note($"track {records.Length} at {world.Clock.GetUtcNow():O}, retry {invocation.RetryContext.RetryCount} of {invocation.InvocationId}");
        world.FailSometimes(2);
        var groups = records.GroupBy(record => Encoding.UTF8.GetString(record.Key), record => BitConverter.ToInt32(record.Value));
        await Task.WhenAll(groups.Select(group => client.Entities.SignalEntityAsync(Ledger.IdOf(group.Key), "Take", group.ToArray())));
        world.FailSometimes(25);
    }
}
