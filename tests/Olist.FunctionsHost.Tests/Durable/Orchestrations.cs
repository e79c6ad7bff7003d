using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Tests.Durable;

/// <summary>What the orchestrations of a test leave behind.</summary>
public sealed class Trace
{
    public ConcurrentQueue<string> Lines { get; } = new();
    public ConcurrentDictionary<string, int> Counts { get; } = new();

    /// <summary>What <c>IllegalRun</c> awaits; the test ends it.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Count(string name) => Counts.AddOrUpdate(name, 1, (_, count) => count + 1);
}

public sealed record Order(string Id, decimal Value);

#pragma warning disable CA1822, IDE0060
public sealed class Orchestrations(Trace trace)
{
    [Function("Chain")]
    public static async Task<string> Chain([OrchestrationTrigger] TaskOrchestrationContext context, string input)
    {
        for (var i = 0; i < 5; i++) input = await context.CallActivityAsync<string>("Append", input + i);
        return input;
    }

    [Function("FanOut")]
    public static async Task<int> FanOut([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var results = await Task.WhenAll(Enumerable.Range(0, context.GetInput<int>()).Select(i => context.CallActivityAsync<int>("Square", i)));
        return results.Sum();
    }

    [Function("Retrying")]
    public static Task<string> Retrying([OrchestrationTrigger] TaskOrchestrationContext context, int failures) =>
        context.CallActivityAsync<string>("Flaky", $"{context.InstanceId}:{failures}", TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMilliseconds(1), 2)));

    [Function("Catching")]
    public static async Task<string> Catching([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            await context.CallActivityAsync("Broken");
            return "no failure";
        }
        catch (TaskFailedException failed)
        {
            return $"{failed.TaskName}|{failed.FailureDetails.ErrorType}|{failed.FailureDetails.ErrorMessage}|{failed.FailureDetails.IsCausedBy<ArgumentException>()}|{failed.FailureDetails.IsCausedBy<TimeoutException>()}";
        }
    }

    [Function("Failing")]
    public static Task Failing([OrchestrationTrigger] TaskOrchestrationContext context) => throw new InvalidOperationException("by design");

    [Function("Parent")]
    public static async Task<string> Parent([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var named = await context.CallSubOrchestratorAsync<string>("Child", "a", new SubOrchestrationOptions(instanceId: context.InstanceId + "-child"));
        var unnamed = await context.CallSubOrchestratorAsync<string>("child", "b");
        try
        {
            await context.CallSubOrchestratorAsync("Failing");
            return "no failure";
        }
        catch (TaskFailedException failed)
        {
            return $"{named},{unnamed},{failed.FailureDetails.ErrorMessage}";
        }
    }

    [Function("Child")]
    public static async Task<string> Child([OrchestrationTrigger] TaskOrchestrationContext context, string input) =>
        $"{context.Parent!.Name.Name}:{await context.CallActivityAsync<string>("Append", input)}";

    [Function("Sleeper")]
    public static async Task<string> Sleeper([OrchestrationTrigger] TaskOrchestrationContext context, int minutes)
    {
        var from = context.CurrentUtcDateTime;
        await context.CreateTimer(TimeSpan.FromMinutes(minutes), CancellationToken.None);
        return $"{(context.CurrentUtcDateTime - from).TotalMinutes:0}";
    }

    [Function("Waiter")]
    public static async Task<string> Waiter([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus("waiting");
        var first = await context.WaitForExternalEvent<string>("Go");
        var second = await context.WaitForExternalEvent<Order>("order");
        return $"{first} {second.Id} {second.Value}";
    }

    [Function("TwoWaiters")]
    public static async Task<string> TwoWaiters([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var older = context.WaitForExternalEvent<string>("go");
        var newer = context.WaitForExternalEvent<string>("go");
        await Task.WhenAll(older, newer);
        return $"{older.Result},{newer.Result}";
    }

    [Function("Impatient")]
    public static async Task<string> Impatient([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            return await context.WaitForExternalEvent<string>("go", TimeSpan.FromMinutes(1));
        }
        catch (TaskCanceledException)
        {
            return "gave up";
        }
    }

    [Function("Counter")]
    public static async Task<string> Counter([OrchestrationTrigger] TaskOrchestrationContext context, List<int> seen)
    {
        seen.Add(await context.WaitForExternalEvent<int>("add"));
        if (seen.Count == 5) return string.Join(',', seen);
        context.ContinueAsNew(seen);
        return "";
    }

    [Function("Sender")]
    public static Task Sender([OrchestrationTrigger] TaskOrchestrationContext context, string target)
    {
        context.SendEvent(target, "Go", "sent");
        return Task.CompletedTask;
    }

    [Function("Deterministic")]
    public async Task<string> Deterministic([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var logger = context.CreateReplaySafeLogger("replay");
        var guid = context.NewGuid();
        var time = context.CurrentUtcDateTime;
        trace.Lines.Enqueue($"{guid} {time:O}");
        logger.LogInformation("before");
        await context.CallActivityAsync<string>("Append", "x");
        logger.LogInformation("between, replaying {Replaying}", context.IsReplaying);
        await context.CallActivityAsync<string>("Append", "y");
        return $"{guid} {time:O}";
    }

    [Function("IllegalDelay")]
    public static async Task IllegalDelay([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await Task.Delay(1);
        await context.CallActivityAsync<string>("Append", "x");
    }

    [Function("IllegalRun")]
    public async Task IllegalRun([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var pending = context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
        context.SetCustomStatus("awaiting"); // seen once the step is over, so once the line below has been reached
        await Task.Run(() => trace.Gate.Task);
        await pending;
    }

    [Function("IllegalConfigureAwait")]
    public static async Task IllegalConfigureAwait([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync<string>("Append", "x").ConfigureAwait(false);
        await context.CallActivityAsync<string>("Append", "y");
    }

    /// <summary>One of everything, for crashes.</summary>
    [Function("Everything")]
    public static async Task<string> Everything([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var first = await context.CallActivityAsync<string>("Append", "a");
        await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        var child = await context.CallSubOrchestratorAsync<string>("Child", "c", new SubOrchestrationOptions(instanceId: context.InstanceId + "-c"));
        var squares = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.CallActivityAsync<int>("Square", i)));
        context.SetCustomStatus("ready");
        var told = await context.WaitForExternalEvent<string>("go");
        return $"{first},{child},{squares.Sum()},{told}";
    }
}

public sealed class Activities(Trace trace)
{
    [Function("Append")]
    public string Append([ActivityTrigger] string input, string instanceId)
    {
        trace.Count("Append");
        Assert.NotEmpty(instanceId);
        return input + ".";
    }

    [Function("Square")]
    public static async Task<int> Square([ActivityTrigger] int value, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return value * value;
    }

    [Function("Flaky")]
    public string Flaky([ActivityTrigger] string input, FunctionContext context)
    {
        var parts = input.Split(':');
        if (trace.Count(parts[0]) <= int.Parse(parts[1], null)) throw new InvalidOperationException("not yet");
        return $"after {trace.Counts[parts[0]]}";
    }

    [Function("Broken")]
    public static void Broken([ActivityTrigger] string? input) => throw new ArgumentOutOfRangeException(nameof(input), "is bad");
}

public sealed class Starter
{
    [Function("start")]
    public static async Task<Microsoft.AspNetCore.Http.IResult> Start(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "start/{name}")] Microsoft.AspNetCore.Http.HttpRequest request, string name,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        Microsoft.AspNetCore.Http.Results.Text(await client.ScheduleNewOrchestrationInstanceAsync(name, "in", cancellationToken));
}

/// <summary>The Waiter, with other code.</summary>
public sealed class ChangedOrchestrations
{
    [Function("Chain")]
    public static async Task<string> Chain([OrchestrationTrigger] TaskOrchestrationContext context, string input)
    {
        await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
        return input;
    }

    [Function("Everything")]
    public static async Task<string> Everything([OrchestrationTrigger] TaskOrchestrationContext context) =>
        await context.CallActivityAsync<string>("Square", 1) + await context.WaitForExternalEvent<string>("go");
}
#pragma warning restore CA1822, IDE0060
