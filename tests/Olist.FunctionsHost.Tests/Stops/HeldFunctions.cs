using Microsoft.Extensions.Hosting;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.DurableTask.Entities;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Tests.Stops;

#pragma warning disable IDE0060
/// <summary>One function of each kind that is held, and then fails because of what the host's end did to it.</summary>
public abstract class HeldFunction(Held held, IServiceProvider services, IHostApplicationLifetime lifetime, Ending ending)
{
    protected Task PassAsync(string what) => ending == Ending.Disposed ? held.PassAsync(services, what) : held.PassUnlessStoppingAsync(lifetime, what);
}

public enum Ending
{
    Disposed,
    Stopping,
}

public sealed class HeldBatch(Held held, IServiceProvider services, IHostApplicationLifetime lifetime, Ending ending) : HeldFunction(held, services, lifetime, ending)
{
    [Function("heldBatch")]
    public Task Run([KafkaTrigger("b", "orders", ConsumerGroup = "g", IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records) =>
        PassAsync(string.Join(",", records.Select(record => record.Offset)));
}

public sealed class HeldRetriedBatch(Held held, IServiceProvider services, IHostApplicationLifetime lifetime, Ending ending) : HeldFunction(held, services, lifetime, ending)
{
    [Function("heldRetriedBatch"), FixedDelayRetry(2, "00:00:00")]
    public Task Run([KafkaTrigger("b", "orders", ConsumerGroup = "g", IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records) =>
        PassAsync(string.Join(",", records.Select(record => record.Offset)));
}

public sealed class HeldSingle(Held held, IServiceProvider services, IHostApplicationLifetime lifetime, Ending ending) : HeldFunction(held, services, lifetime, ending)
{
    [Function("heldSingle")]
    public Task Run([KafkaTrigger("b", "orders", ConsumerGroup = "g", KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord record) =>
        PassAsync($"{record.Offset}");
}

public sealed class HeldTimer(Held held, IServiceProvider services, IHostApplicationLifetime lifetime, Ending ending) : HeldFunction(held, services, lifetime, ending)
{
    [Function("heldTimer")]
    public Task Run([TimerTrigger("0 */5 * * * *")] TimerInfo timer) => PassAsync("timer");
}

public sealed class HeldActivity(Held held, IServiceProvider services, IHostApplicationLifetime lifetime, Ending ending) : HeldFunction(held, services, lifetime, ending)
{
    [Function("heldActivity")]
    public async Task<string> Run([ActivityTrigger] string input)
    {
        await PassAsync("activity");
        return input + ", done";
    }

    [Function("callsActivity")]
    public static Task<string> Call([OrchestrationTrigger] TaskOrchestrationContext context, string input) => context.CallActivityAsync<string>("heldActivity", input);
}

public sealed class HeldOrchestrator(Held held, IServiceProvider services, IHostApplicationLifetime lifetime, Ending ending) : HeldFunction(held, services, lifetime, ending)
{
    /// <summary>Holds its thread: an orchestrator may not await what is not durable.</summary>
    [Function("heldOrchestrator")]
    public Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context, string input)
    {
        Task.Run(() => PassAsync("orchestrator")).GetAwaiter().GetResult();
        return Task.FromResult(input + ", done");
    }
}

public static class SignallingBatch
{
    [Function("signallingBatch")]
    public static Task Run(
        [KafkaTrigger("b", "orders", ConsumerGroup = "g", IsBatched = true, KeyDataType = KafkaMessageKeyType.Binary)] KafkaRecord[] records, [DurableClient] DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(client);
        return client.Entities.SignalEntityAsync(new EntityInstanceId("HeldEntity", "k"), "Add", records.Length);
    }
}

public sealed class HeldEntity(Held held, IServiceProvider services, IHostApplicationLifetime lifetime, Ending ending) : TaskEntity<int>
{
    [Function("HeldEntity")]
    public static Task Run([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<HeldEntity>();

    [Function("callsEntity")]
    public static Task<int> Call([OrchestrationTrigger] TaskOrchestrationContext context, string key) =>
        context.Entities.CallEntityAsync<int>(new EntityInstanceId("HeldEntity", key), "AddHeld", 5);

    public int Add(int amount) => State += amount;

    public async Task<int> AddHeld(int amount)
    {
        await (ending == Ending.Disposed ? held.PassAsync(services, "entity") : held.PassUnlessStoppingAsync(lifetime, "entity"));
        return Add(amount);
    }
}
