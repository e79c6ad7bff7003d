using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Entities;
using Olist.FunctionsHost.Tests.Durable;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Tests.Entities;

#pragma warning disable CA1822, IDE0060
public sealed class Account : TaskEntity<AccountState>
{
    readonly Trace _trace;

    public Account(Trace trace)
    {
        _trace = trace;
        _trace.Count("made");
    }

    [Function("Account")]
    public static Task Run([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<Account>();

    public int Add(int amount)
    {
        _trace.Count(Context.Id.Key);
        State.Entries.Add(amount);
        return State.Balance += amount;
    }

    public async Task<int> AddSlowly(int amount)
    {
        await Task.Yield();
        return Add(amount);
    }

    public int Get() => State.Balance;

    public void AddThenFail(int amount)
    {
        Add(amount);
        Context.SignalEntity(new EntityInstanceId("account", "witness"), "Add", 1);
        Context.ScheduleNewOrchestration("Noting", "never");
        throw new InvalidOperationException("by design");
    }

    public void Pay(Payment payment)
    {
        State.Balance -= payment.Amount;
        Context.SignalEntity(new EntityInstanceId("Account", payment.To), "Add", payment.Amount, payment.At is { } at ? new SignalEntityOptions { SignalTime = at } : null);
    }

    public string Start(string input) => Context.ScheduleNewOrchestration("Noting", input, new StartOrchestrationOptions("started-" + Context.Id.Key));

    public void Optional(int amount = 7) => Add(amount);

    public void Grow(int chars) => State.Note = new string('x', chars);

    public void Same() { }

    public void Same(int amount) => Add(amount);

    public void Close(TaskEntityContext context) => State = null!;
}

public sealed class AccountState
{
    public int Balance { get; set; }
    public List<int> Entries { get; set; } = [];
    public string? Note { get; set; }
}

public sealed record Payment(string To, int Amount, DateTimeOffset? At = null);

/// <summary>A state that is its own entity.</summary>
public sealed class Tally
{
    public int Count { get; set; }

    public int Increment(int by) => Count += by;

    [Function("Tally")]
    public static Task Run([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<Tally>();
}

public static class OddEntities
{
    [Function("Handler")]
    public static Task Handler([EntityTrigger(EntityName = "ByHand")] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync(operation =>
    {
        var sum = operation.State.GetState(0) + operation.GetInput<int>();
        operation.State.SetState(sum);
        return new ValueTask<object?>(sum);
    });

    [Function("Silent")]
    public static Task Silent([EntityTrigger] TaskEntityDispatcher dispatcher) => Task.CompletedTask;

    [Function("Broken")]
    public static async Task Broken([EntityTrigger] TaskEntityDispatcher dispatcher)
    {
        await dispatcher.DispatchAsync<Tally>();
        throw new InvalidOperationException("after all of them");
    }
}

public static class EntityOrchestrations
{
    static EntityInstanceId Id(string key) => new("Account", key);

    [Function("Noting")]
    public static Task<string> Noting([OrchestrationTrigger] TaskOrchestrationContext context, string input) => Task.FromResult("noted " + input);

    [Function("Calling")]
    public static async Task<int> Calling([OrchestrationTrigger] TaskOrchestrationContext context, string key)
    {
        await context.Entities.SignalEntityAsync(Id(key), "Add", 1);
        var first = await context.Entities.CallEntityAsync<int>(Id(key), "Add", 2);
        return first * 100 + await context.Entities.CallEntityAsync<int>(Id(key), "addslowly", 3);
    }

    [Function("CallingOperation")]
    public static async Task<string> CallingOperation([OrchestrationTrigger] TaskOrchestrationContext context, string call)
    {
        var parts = call.Split(' ');
        try
        {
            return "" + await context.Entities.CallEntityAsync<object>(EntityInstanceId.FromString(parts[0]), parts[1], parts.Length > 2 ? int.Parse(parts[2], null) : null);
        }
        catch (EntityOperationFailedException error)
        {
            return $"{error.EntityId}|{error.OperationName}|{error.FailureDetails}";
        }
    }

    [Function("Transfer")]
    public static async Task<bool> Transfer([OrchestrationTrigger] TaskOrchestrationContext context, Transfer transfer)
    {
        await using (await context.Entities.LockEntitiesAsync(Id(transfer.From), Id(transfer.To)))
        {
            var from = await context.Entities.CallEntityAsync<int>(Id(transfer.From), "Get");
            if (from < transfer.Amount) return false;
            await context.Entities.CallEntityAsync(Id(transfer.From), "Add", -transfer.Amount);
            await context.Entities.CallEntityAsync(Id(transfer.To), "Add", transfer.Amount);
        }
        return true;
    }

    /// <summary>Takes the lock and waits for an event; how it goes on is in the event.</summary>
    [Function("Holding")]
    public static async Task<string> Holding([OrchestrationTrigger] TaskOrchestrationContext context, string keys)
    {
        var section = await context.Entities.LockEntitiesAsync([.. keys.Split(',').Select(Id)]);
        context.SetCustomStatus("locked");
        var order = await context.WaitForExternalEvent<string>("go");
        if (order == "fail") throw new InvalidOperationException("while locked");
        if (order == "again")
        {
            context.ContinueAsNew(keys);
            return "";
        }
        if (order == "release") await section.DisposeAsync();
        return order;
    }

    [Function("Rules")]
    public static async Task<List<string>> Rules([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var told = new List<string>();
        async Task Try(Func<Task> action)
        {
            try
            {
                await action();
                told.Add("fine");
            }
            catch (Exception error) when (error is InvalidOperationException or ArgumentException)
            {
                told.Add(error.Message);
            }
        }
        var entities = context.Entities;
        told.Add($"{entities.InCriticalSection()}");
        await Try(() => entities.LockEntitiesAsync());
        var section = await entities.LockEntitiesAsync(Id("r1"), Id("r2"), Id("r1"));
        entities.InCriticalSection(out var ids);
        told.Add(string.Join(",", ids!));
        await Try(() => entities.LockEntitiesAsync(Id("r3")));
        await Try(() => entities.SignalEntityAsync(Id("r1"), "Add", 1));
        await Try(() => entities.SignalEntityAsync(Id("r3"), "Add", 1));
        await Try(() => entities.CallEntityAsync(Id("r3"), "Add", 1));
        await Try(() => context.CallSubOrchestratorAsync("Noting", "x"));
        var pending = entities.CallEntityAsync(Id("r2"), "Add", 1);
        await Try(() => entities.CallEntityAsync(Id("r2"), "Add", 1));
        await pending;
        await Try(() => entities.CallEntityAsync(Id("r2"), "Add", 1));
        await section.DisposeAsync();
        await section.DisposeAsync();
        told.Add($"{entities.InCriticalSection()}");
        return told;
    }
}

public sealed record Transfer(string From, string To, int Amount);
