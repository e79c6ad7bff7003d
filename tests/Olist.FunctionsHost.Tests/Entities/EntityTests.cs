using System.Globalization;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client.Entities;
using Olist.FunctionsHost.DurableTask.Entities;
using Olist.FunctionsHost.Tests.Support;

namespace Olist.FunctionsHost.Tests.Entities;

public sealed class EntityTests
{
    static readonly DateTimeOffset Start = new(2018, 3, 1, 12, 0, 0, TimeSpan.Zero);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signals_change_the_state_that_clients_read()
    {
        await using var app = await EntityApp.StartAsync();
        Assert.Null(await app.BalanceAsync("a"));
        await app.SignalAsync("a", "Add", 5);
        await app.SignalAsync("a", "ADD", -2);
        await app.SignalAsync("a", "optional");
        await app.UntilBalanceAsync("a", 10);
        Assert.Equal([5, -2, 7], (await app.StateAsync("a"))!.Entries);
        var entity = (await app.Entities.GetEntityAsync(new EntityInstanceId("ACCOUNT", "a"), Cancellation))!;
        Assert.Equal("{\"Balance\":10,\"Entries\":[5,-2,7],\"Note\":null}", entity.State.Value);
        Assert.Equal((0, null), (entity.BacklogQueueSize, entity.LockedBy));
        Assert.False((await app.Entities.GetEntityAsync(EntityApp.Id("a"), false, Cancellation))!.IncludesState);
        Assert.Null(await app.BalanceAsync("A"));
    }

    [Fact]
    public async Task State_classes_and_handlers_are_entities_too()
    {
        await using var app = await EntityApp.StartAsync();
        Assert.Equal("3", await app.CallAsync("@tally@t Increment 3"));
        Assert.Equal("7", await app.CallAsync("@tally@t increment 4"));
        Assert.Equal("4", await app.CallAsync("@byhand@h anything 4"));
        Assert.Equal("9", await app.CallAsync("@byhand@h else 5"));
    }

    [Fact]
    public async Task An_operation_that_fails_takes_only_its_own_effects_back()
    {
        await using var app = await EntityApp.StartAsync();
        await Task.WhenAll(app.SignalAsync("f", "Add", 1), app.SignalAsync("f", "AddThenFail", 10), app.SignalAsync("f", "Add", 2));
        await app.UntilBalanceAsync("f", 3);
        Assert.Equal("@account@f|AddThenFail|System.InvalidOperationException: by design", await app.CallAsync("@account@f AddThenFail 10"));
        Assert.Equal("3", await app.CallAsync("@account@f Get"));
        Assert.Null(await app.StateAsync("witness"));
        await foreach (var instance in app.Durable.Client.GetAllInstancesAsync()) Assert.NotEqual("Noting", instance.Name);
    }

    [Theory]
    [InlineData("Nothing", "System.NotSupportedException: No operation named 'Nothing'")]
    [InlineData("Same", "System.Reflection.AmbiguousMatchException")]
    [InlineData("Add", "System.InvalidOperationException: Operation 'Add' of @account@x needs an input")]
    public async Task An_operation_that_is_not_there_or_lacks_its_input_fails(string operation, string reason)
    {
        await using var app = await EntityApp.StartAsync();
        Assert.StartsWith($"@account@x|{operation}|{reason}", await app.CallAsync($"@account@x {operation}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_that_fails_or_does_not_dispatch_fails_every_operation_and_changes_nothing()
    {
        await using var app = await EntityApp.StartAsync();
        Assert.Contains("returned without dispatching", await app.CallAsync("@silent@x Anything"), StringComparison.Ordinal);
        Assert.Contains("after all of them", await app.CallAsync("@broken@x Increment 1"), StringComparison.Ordinal);
        Assert.Null(await app.Entities.GetEntityAsync(EntityApp.Id("x", "broken"), Cancellation));
        Assert.Contains("There is no entity 'nobody'; known are: Account, ", await app.CallAsync("@nobody@x Anything"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleted_entities_are_only_listed_as_transient_until_they_are_cleaned()
    {
        using var folder = new TempFolder();
        await using (var app = await EntityApp.StartAsync(folder))
        {
            foreach (var key in (string[])["a", "b", "c"]) await app.SignalAsync(key, "Add", 1);
            await app.SignalAsync("a", "delete");
            await app.SignalAsync("b", "Close");
            await app.UntilAsync(async () => await app.StateAsync("a") is null && await app.StateAsync("b") is null && await app.BalanceAsync("c") == 1, "both to go");
            Assert.Equal(["@account@c"], await app.IdsAsync());
            Assert.Equal(["@account@a", "@account@b", "@account@c"], await app.IdsAsync(new EntityQuery { IncludeTransient = true }));
            await app.Durable.Engine.CheckpointAsync();
            var cleaned = await app.Entities.CleanEntityStorageAsync(null, true, Cancellation);
            Assert.Equal((2, 0, null), (cleaned.EmptyEntitiesRemoved, cleaned.OrphanedLocksReleased, cleaned.ContinuationToken));
            Assert.Equal(["@account@c"], await app.IdsAsync(new EntityQuery { IncludeTransient = true }));
            await app.SignalAsync("b", "Add", 2);
            await app.UntilBalanceAsync("b", 2);
            await app.Durable.Engine.CheckpointAsync();
        }
        await using var again = await EntityApp.StartAsync(folder);
        Assert.Equal(["@account@b", "@account@c"], await again.IdsAsync(new EntityQuery { IncludeTransient = true }));
    }

    [Fact]
    public async Task Delayed_signals_come_at_their_time_after_a_restart_too()
    {
        using var folder = new TempFolder();
        var clock = new ManualClock(Start);
        await using (var app = await EntityApp.StartAsync(folder, clock))
        {
            await app.SignalAsync("d", "Add", 1, Start.AddHours(2));
            await app.SignalAsync("d", "Add", 10, Start.AddHours(1));
            await app.SignalAsync("cold", "Add", 5, Start.AddHours(3));
            await app.SignalAsync("payer", "Pay", new Payment("d", 100, Start.AddHours(4)));
            await app.UntilBalanceAsync("payer", -100);
            Assert.Null(await app.StateAsync("d"));
            clock.Advance(TimeSpan.FromHours(1));
            await app.UntilBalanceAsync("d", 10);
            await app.Durable.Engine.CheckpointAsync();
        }
        await using var again = await EntityApp.StartAsync(folder, clock);
        Assert.Equal(10, await again.BalanceAsync("d"));
        clock.Advance(TimeSpan.FromHours(1));
        await again.UntilBalanceAsync("d", 11);
        clock.Advance(TimeSpan.FromHours(2));
        await again.UntilBalanceAsync("d", 111);
        await again.UntilBalanceAsync("cold", 5);
    }

    [Fact]
    public async Task Entities_signal_each_other_and_start_orchestrations()
    {
        await using var app = await EntityApp.StartAsync();
        await app.SignalAsync("p", "Pay", new Payment("q", 30));
        await app.UntilBalanceAsync("q", 30);
        Assert.Equal(-30, await app.BalanceAsync("p"));
        await app.SignalAsync("p", "Start", "in");
        await app.UntilAsync(async () => await app.Durable.GetAsync("started-p") is not null, "the orchestration");
        Assert.Equal("noted in", (await app.Durable.CompletedAsync("started-p")).ReadOutputAs<string>());
        Assert.Equal((3 * 100) + 6, (await app.Durable.RunAsync("Calling", "called")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart_with_and_without_a_checkpoint()
    {
        using var folder = new TempFolder();
        for (var round = 0; round < 4; round++)
        {
            await using var app = await EntityApp.StartAsync(folder);
            for (var i = 0; i < 50; i++)
                if (round > 0) Assert.Equal(round, await app.BalanceAsync($"k{i}"));
            await Task.WhenAll(Enumerable.Range(0, 50).Select(i => app.SignalAsync($"k{i}", "Add", 1)));
            for (var i = 0; i < 50; i++) await app.UntilBalanceAsync($"k{i}", round + 1);
            if (round % 2 == 0) await app.Durable.Engine.CheckpointAsync();
        }
    }

    [Fact]
    public async Task One_entity_runs_one_operation_at_a_time_for_any_number_of_clients()
    {
        await using var app = await EntityApp.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(client => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++) await app.SignalAsync($"{i % 4}", client % 2 == 0 ? "AddSlowly" : "Add", 1);
        }, Cancellation)));
        for (var i = 0; i < 4; i++)
        {
            await app.UntilBalanceAsync($"{i}", 400);
            Assert.Equal(400, (await app.StateAsync($"{i}"))!.Entries.Count);
        }
    }

    [Fact]
    public async Task Signals_of_one_sender_keep_their_order()
    {
        await using var app = await EntityApp.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 5000).Select(i => app.SignalAsync("o", "Add", i)));
        await app.UntilAsync(async () => (await app.StateAsync("o"))?.Entries.Count == 5000, "all of them");
        Assert.Equal(Enumerable.Range(0, 5000), (await app.StateAsync("o"))!.Entries);
    }

    [Fact]
    public async Task Queries_page_through_everything_once()
    {
        using var folder = new TempFolder();
        await using var app = await EntityApp.StartAsync(folder);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => app.SignalAsync(i.ToString("D4", CultureInfo.InvariantCulture), "Add", i)));
        await app.UntilAsync(async () => (await app.IdsAsync()).Length == 500, "all of them");
        await app.Durable.Engine.CheckpointAsync();
        await app.Entities.SignalEntityAsync(EntityApp.Id("t", "Tally"), "Increment", 1, null, Cancellation);
        await app.UntilAsync(async () => await app.Entities.GetEntityAsync(EntityApp.Id("t", "Tally"), Cancellation) is not null, "the tally");
        var expected = Enumerable.Range(0, 500).Select(i => $"@account@{i:D4}").ToArray();
        Assert.Equal(expected, await app.IdsAsync(new EntityQuery { InstanceIdStartsWith = "Account", PageSize = 37 }));
        Assert.Equal(expected[10..20], await app.IdsAsync(new EntityQuery { InstanceIdStartsWith = "Account@001" }));
        Assert.Equal(501, (await app.IdsAsync()).Length);
        Assert.Empty(await app.IdsAsync(new EntityQuery { LastModifiedFrom = DateTimeOffset.UtcNow.AddHours(1) }));
        var pages = new List<Page<EntityMetadata<AccountState>>>();
        string? token = null;
        do
        {
            await foreach (var page in app.Entities.GetAllEntitiesAsync<AccountState>(new EntityQuery { InstanceIdStartsWith = "account", PageSize = 200, ContinuationToken = token }).AsPages())
            {
                pages.Add(page);
                token = page.ContinuationToken;
                break;
            }
        }
        while (token is not null);
        Assert.Equal(500, pages.SelectMany(page => page.Values).Select(entity => entity.State.Balance).Distinct().Count());
        await Assert.ThrowsAsync<ArgumentException>(() => app.IdsAsync(new EntityQuery { ContinuationToken = "rubbish" }));
    }

    [Theory]
    [InlineData("Nobody", "x", "There is no entity 'nobody'")]
    [InlineData("Account", "a/b", "holds '/'")]
    [InlineData("Account", "a\nb", "control characters")]
    public async Task Bad_ids_are_refused(string name, string key, string reason)
    {
        await using var app = await EntityApp.StartAsync();
        Assert.Contains(reason, (await Assert.ThrowsAnyAsync<ArgumentException>(() => app.Entities.SignalEntityAsync(new EntityInstanceId(name, key), "Add", 1, null, Cancellation))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_too_large_is_refused_with_its_size()
    {
        await using var app = await EntityApp.StartAsync();
        await app.SignalAsync("big", "Grow", 1_000_000);
        await app.UntilAsync(async () => (await app.StateAsync("big"))?.Note?.Length == 1_000_000, "a large state");
        Assert.Contains("at most 16777216 are kept", await app.CallAsync("@account@big Grow 17000000"), StringComparison.Ordinal);
        Assert.Equal(1_000_000, (await app.StateAsync("big"))!.Note!.Length);
        Assert.Contains("at most 16777216 are kept", (await Assert.ThrowsAsync<ArgumentException>(() => app.SignalAsync("big", "Add", new string('x', 17_000_000)))).Message, StringComparison.Ordinal);
    }
}
