using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.Tests.Support;

namespace Olist.FunctionsHost.Tests.Entities;

public sealed class EntityLockTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_transfer_under_locks_moves_money_and_loses_none()
    {
        using var folder = new TempFolder();
        await using var app = await EntityApp.StartAsync(folder);
        var accounts = Enumerable.Range(0, 5).Select(i => $"acc{i}").ToArray();
        foreach (var account in accounts) await app.SignalAsync(account, "Add", 100);
        var random = new Random(20171118);
        var ids = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            var (from, to) = (random.Next(5), random.Next(4));
            ids.Add(await app.Durable.Client.ScheduleNewOrchestrationInstanceAsync("Transfer", new Transfer(accounts[from], accounts[to >= from ? to + 1 : to], random.Next(1, 60)), Cancellation));
        }
        foreach (var id in ids) Assert.Equal(OrchestrationRuntimeStatus.Completed, (await app.Durable.CompletedAsync(id)).RuntimeStatus);
        var sum = 0;
        foreach (var account in accounts)
        {
            var balance = await app.BalanceAsync(account);
            Assert.InRange(balance!.Value, 0, 500);
            sum += balance.Value;
        }
        Assert.Equal(500, sum);
    }

    [Fact]
    public async Task A_delayed_signal_of_an_entity_that_has_messages_waiting_comes_at_its_time_after_a_restart_too()
    {
        using var folder = new TempFolder();
        var clock = new ManualClock(new DateTimeOffset(2018, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var due = clock.GetUtcNow().AddMinutes(10);
        await using (var app = await EntityApp.StartAsync(folder, clock))
        {
            await app.Durable.Client.ScheduleNewOrchestrationInstanceAsync("Holding", "x", new StartOrchestrationOptions("holder"), Cancellation);
            await app.Durable.UntilAsync("holder", holder => holder.SerializedCustomStatus == "\"locked\"");
            await app.SignalAsync("x", "Add", 1);
            await app.SignalAsync("x", "Add", 5, due);
            await app.Durable.Engine.CheckpointAsync();
        }
        await using var again = await EntityApp.StartAsync(folder, clock);
        clock.Advance(TimeSpan.FromSeconds(1)); // What waits is looked at.
        await Eventually.TrueAsync(() => again.Durable.Engine.UnderWay == 0, "the locked entity to be left alone");
        await again.Durable.Client.RaiseEventAsync("holder", "go", "release", Cancellation);
        await again.UntilBalanceAsync("x", 1);
        clock.AdvanceTo(due);
        await again.UntilBalanceAsync("x", 6);
    }

    [Theory]
    [InlineData("release"), InlineData("complete"), InlineData("fail"), InlineData("again"), InlineData("terminate"), InlineData("restart")]
    public async Task A_locked_entity_keeps_others_waiting_until_the_lock_is_gone(string end)
    {
        using var folder = new TempFolder();
        var app = await EntityApp.StartAsync(folder);
        try
        {
            await app.Durable.Client.ScheduleNewOrchestrationInstanceAsync("Holding", "x,y", new StartOrchestrationOptions("holder"), Cancellation);
            await app.Durable.UntilAsync("holder", holder => holder.SerializedCustomStatus == "\"locked\"");
            await app.SignalAsync("x", "Add", 1);
            await app.Durable.Client.ScheduleNewOrchestrationInstanceAsync("Holding", "y,x", new StartOrchestrationOptions("waiting"), Cancellation);
            await app.SignalAsync("free", "Add", 1);
            await app.UntilBalanceAsync("free", 1);
            Assert.Null(await app.BalanceAsync("x"));
            if (end == "restart")
            {
                await app.Durable.Engine.CheckpointAsync();
                await app.DisposeAsync();
                app = await EntityApp.StartAsync(folder);
                Assert.Null(await app.BalanceAsync("x"));
            }
            if (end == "terminate") await app.Durable.Client.TerminateInstanceAsync("holder", Cancellation);
            else await app.Durable.Client.RaiseEventAsync("holder", "go", end, Cancellation);
            await app.UntilBalanceAsync("x", 1);
            await app.Durable.UntilAsync("waiting", waiting => waiting.SerializedCustomStatus == "\"locked\"");
            await app.Durable.Client.RaiseEventAsync("waiting", "go", "complete", Cancellation);
            if (end == "again") await app.Durable.Client.TerminateInstanceAsync("holder", Cancellation);
            await app.SignalAsync("y", "Add", 2);
            await app.UntilBalanceAsync("y", 2);
        }
        finally
        {
            await app.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_orchestration_that_ends_while_it_waits_for_locks_gets_none()
    {
        await using var app = await EntityApp.StartAsync();
        await app.Durable.Client.ScheduleNewOrchestrationInstanceAsync("Holding", "b", new StartOrchestrationOptions("holder"), Cancellation);
        await app.Durable.UntilAsync("holder", holder => holder.SerializedCustomStatus == "\"locked\"");
        await app.Durable.Client.ScheduleNewOrchestrationInstanceAsync("Holding", "a,b,c", new StartOrchestrationOptions("waiting"), Cancellation);
        await app.UntilAsync(async () => await LockerAsync(app, "a") == "waiting", "the first of the three");
        await app.Durable.Client.TerminateInstanceAsync("waiting", Cancellation);
        await app.SignalAsync("a", "Add", 1);
        await app.UntilBalanceAsync("a", 1);
        await app.Durable.Client.RaiseEventAsync("holder", "go", "complete", Cancellation);
        await app.SignalAsync("b", "Add", 2);
        await app.SignalAsync("c", "Add", 3);
        await app.UntilBalanceAsync("b", 2);
        await app.UntilBalanceAsync("c", 3);
        Assert.Equal(0, (await app.Entities.CleanEntityStorageAsync(null, true, Cancellation)).OrphanedLocksReleased);
    }

    static async Task<string?> LockerAsync(EntityApp app, string key)
    {
        await foreach (var entity in app.Entities.GetAllEntitiesAsync(new Olist.FunctionsHost.DurableTask.Client.Entities.EntityQuery { IncludeTransient = true }))
            if (entity.Id == EntityApp.Id(key)) return entity.LockedBy;
        return null;
    }

    [Fact]
    public async Task Inside_a_critical_section_the_official_rules_hold()
    {
        await using var app = await EntityApp.StartAsync();
        var told = (await app.Durable.RunAsync("Rules")).ReadOutputAs<List<string>>();
        Assert.Equal(
        [
            "False",
            "The list of entities to lock must not be empty. (Parameter 'entityIds')",
            "@account@r1,@account@r2",
            "Must not enter another critical section from within a critical section.",
            "Must not signal the locked entity @account@r1 from a critical section.",
            "fine",
            "Must not call entity @account@r3 from a critical section if it is not one of the locked entities.",
            "While holding locks, cannot call suborchestrators.",
            "Must not call entity @account@r2 from a critical section while a prior call to the same entity is still pending.",
            "fine",
            "False",
        ], told);
    }
}
