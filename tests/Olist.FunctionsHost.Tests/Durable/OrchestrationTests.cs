using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.Tests.Support;

namespace Olist.FunctionsHost.Tests.Durable;

public sealed class OrchestrationTests
{
    static readonly DateTimeOffset Start = new(2018, 3, 1, 12, 0, 0, TimeSpan.Zero);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_finished_orchestration_is_purged_when_it_is_old_and_stays_so_after_a_restart()
    {
        var clock = new ManualClock(Start);
        using var folder = new TempFolder();
        await using (var app = await DurableApp.StartAsync(folder, clock, configure: options => options.DurableRetention = TimeSpan.FromHours(3)))
        {
            await app.Client.ScheduleNewOrchestrationInstanceAsync("Chain", "x", new StartOrchestrationOptions("early"), Cancellation);
            await app.CompletedAsync("early");
            await app.Client.ScheduleNewOrchestrationInstanceAsync("Waiter", new StartOrchestrationOptions("waiting"), Cancellation);
            // A step that time jumps over would have run longer than functionTimeout.
            await app.UntilAsync("waiting", metadata => metadata.SerializedCustomStatus == "\"waiting\"");
            clock.Advance(TimeSpan.FromHours(2));
            await app.Client.ScheduleNewOrchestrationInstanceAsync("Chain", "x", new StartOrchestrationOptions("late"), Cancellation);
            await app.CompletedAsync("late");
            await HourAsync(app, clock, "early");
            Assert.NotNull(await app.GetAsync("late"));
            Assert.NotNull(await app.GetAsync("waiting"));
        }
        clock.Advance(TimeSpan.FromHours(5));
        await using var again = await DurableApp.StartAsync(folder, clock, configure: options => options.DurableRetention = TimeSpan.FromHours(3));
        await HourAsync(again, clock, "late"); // grown old while the host was down
        Assert.Null(await again.GetAsync("early"));
        Assert.NotNull(await again.GetAsync("waiting"));
    }

    /// <summary>Time goes on until an instance is gone, two hours at most.</summary>
    static async Task HourAsync(DurableApp app, ManualClock clock, string gone)
    {
        for (var minute = 0; minute <= 121; minute++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            for (var i = 0; i < 20; i++)
            {
                if (await app.GetAsync(gone) is null) return;
                await Task.Delay(1, Cancellation);
            }
        }
        Assert.Fail($"{gone} is still there");
    }

    [Fact]
    public async Task Activities_run_one_after_another_or_all_at_once()
    {
        await using var app = await DurableApp.StartAsync();
        Assert.Equal("x0.1.2.3.4.", await app.OutputAsync("Chain", "x"));
        Assert.Equal(5, app.Trace.Counts["Append"]);
        var fan = await app.RunAsync("fanout", 300);
        Assert.Equal(Enumerable.Range(0, 300).Sum(i => i * i), fan.ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_retry_policy_tries_again_and_gives_up_in_the_end()
    {
        await using var app = await DurableApp.StartAsync();
        Assert.Equal("after 3", await app.OutputAsync("Retrying", 2));
        Assert.Contains("not yet", await app.FailureAsync("Retrying", 3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_activity_is_a_TaskFailedException_with_type_and_message()
    {
        await using var app = await DurableApp.StartAsync();
        Assert.Equal("Broken|System.ArgumentOutOfRangeException|is bad (Parameter 'input')|True|False", await app.OutputAsync("Catching"));
        Assert.Equal("System.InvalidOperationException: by design", await app.FailureAsync("Failing"));
    }

    [Fact]
    public async Task Sub_orchestrations_know_their_parent_and_their_failures_reach_it()
    {
        await using var app = await DurableApp.StartAsync();
        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync("Parent", new StartOrchestrationOptions("p"), Cancellation);
        Assert.Equal("Parent:a.,Parent:b.,by design", (await app.CompletedAsync(id)).ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await app.GetAsync("p-child"))!.RuntimeStatus);
    }

    [Fact]
    public async Task A_timer_fires_at_its_time_and_survives_a_restart()
    {
        using var folder = new TempFolder();
        var clock = new ManualClock(Start);
        string id;
        await using (var app = await DurableApp.StartAsync(folder, clock))
        {
            id = await app.Client.ScheduleNewOrchestrationInstanceAsync("Sleeper", 90, Cancellation);
            await Eventually.TrueAsync(() => clock.WaitsUntil(Start.AddMinutes(90)), "durable timer set");
            clock.Advance(TimeSpan.FromMinutes(89));
            Assert.True((await app.GetAsync(id))!.IsRunning);
        }
        var later = new ManualClock(Start.AddMinutes(89));
        await using var again = await DurableApp.StartAsync(folder, later);
        await Eventually.TrueAsync(() => later.WaitsUntil(Start.AddMinutes(90)), "durable timer set again");
        later.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("90", (await again.CompletedAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task External_events_are_kept_until_awaited_and_found_without_case()
    {
        await using var app = await DurableApp.StartAsync();
        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync("Waiter", Cancellation);
        await app.Client.RaiseEventAsync(id, "ORDER", new Order("o1", 9.5m), Cancellation);
        await app.UntilAsync(id, metadata => metadata.SerializedCustomStatus == "\"waiting\"");
        await app.Client.RaiseEventAsync(id, "go", "now", Cancellation);
        Assert.Equal("now o1 9.5", (await app.CompletedAsync(id)).ReadOutputAs<string>());
        await app.Client.RaiseEventAsync(id, "go", "late", Cancellation);
        await app.Client.RaiseEventAsync("nobody", "go", "lost", Cancellation);
    }

    [Fact]
    public async Task The_newest_waiter_gets_the_event()
    {
        await using var app = await DurableApp.StartAsync();
        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync("TwoWaiters", Cancellation);
        await app.UntilAsync(id, metadata => metadata.IsRunning);
        await app.Client.RaiseEventAsync(id, "go", "first", Cancellation);
        await app.Client.RaiseEventAsync(id, "go", "second", Cancellation);
        Assert.Equal("second,first", (await app.CompletedAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_wait_with_a_time_limit_ends_with_the_event_or_the_limit()
    {
        var clock = new ManualClock(Start);
        await using var app = await DurableApp.StartAsync(time: clock);
        var late = await app.Client.ScheduleNewOrchestrationInstanceAsync("Impatient", Cancellation);
        var prompt = await app.Client.ScheduleNewOrchestrationInstanceAsync("Impatient", Cancellation);
        await app.UntilAsync(prompt, metadata => metadata.IsRunning);
        await app.UntilAsync(late, metadata => metadata.IsRunning);
        await app.Client.RaiseEventAsync(prompt, "go", "here", Cancellation);
        Assert.Equal("here", (await app.CompletedAsync(prompt)).ReadOutputAs<string>());
        await Eventually.TrueAsync(() => clock.WaitsUntil(Start.AddMinutes(1)), "time limit set");
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("gave up", (await app.CompletedAsync(late)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Continue_as_new_starts_over_and_loses_no_event()
    {
        await using var app = await DurableApp.StartAsync();
        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync("Counter", new List<int>(), Cancellation);
        for (var i = 1; i <= 5; i++) await app.Client.RaiseEventAsync(id, "add", i, Cancellation);
        Assert.Equal("1,2,3,4,5", (await app.CompletedAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task One_orchestration_sends_events_to_another()
    {
        await using var app = await DurableApp.StartAsync();
        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync("Impatient", Cancellation);
        await app.RunAsync("Sender", id);
        Assert.Equal("sent", (await app.CompletedAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Guids_times_and_logs_are_the_same_at_every_replay()
    {
        await using var app = await DurableApp.StartAsync();
        var output = await app.OutputAsync("Deterministic");
        Assert.Equal(3, app.Trace.Lines.Count);
        Assert.All(app.Trace.Lines, line => Assert.Equal(output, line));
        Assert.Equal(["before", "between, replaying False"], app.Host.Logs.Lines.Where(line => line.Category == "replay").Select(line => line.Message));
    }

    [Theory]
    [InlineData("IllegalDelay")]
    [InlineData("IllegalConfigureAwait")]
    public async Task Awaiting_anything_else_is_found_and_explained(string name)
    {
        await using var app = await DurableApp.StartAsync();
        Assert.Contains("invalid asynchronous invocation", await app.FailureAsync(name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Awaiting_another_thread_beside_a_timer_is_found_when_that_ends()
    {
        await using var app = await DurableApp.StartAsync();
        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync("IllegalRun", Cancellation);
        await app.UntilAsync(id, metadata => metadata.SerializedCustomStatus == "\"awaiting\"");
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await app.GetAsync(id))!.RuntimeStatus);
        app.Trace.Gate.SetResult();
        var failure = (await app.CompletedAsync(id)).FailureDetails!;
        Assert.Contains("invalid asynchronous invocation", failure.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_that_was_changed_under_a_running_instance_is_found_and_explained()
    {
        using var folder = new TempFolder();
        string id;
        await using (var app = await DurableApp.StartAsync(folder))
        {
            id = await app.Client.ScheduleNewOrchestrationInstanceAsync("Everything", Cancellation);
            await app.UntilAsync(id, metadata => metadata.SerializedCustomStatus == "\"ready\"");
        }
        await using var changed = await DurableApp.StartAsync(folder, classes: [typeof(ChangedOrchestrations), typeof(Activities)]);
        await changed.Client.RaiseEventAsync(id, "go", "x", Cancellation);
        var failure = (await changed.CompletedAsync(id)).FailureDetails!;
        Assert.Equal("Olist.FunctionsHost.Hosting.NonDeterministicOrchestrationException", failure.ErrorType);
        Assert.Contains("history holds activity 'Append' as call #0, and the code asked for activity 'Square'", failure.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suspended_instances_keep_what_comes_and_go_on_when_resumed()
    {
        await using var app = await DurableApp.StartAsync();
        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync("Waiter", Cancellation);
        await app.UntilAsync(id, metadata => metadata.IsRunning);
        await app.Client.SuspendInstanceAsync(id, "holidays", Cancellation);
        await app.UntilAsync(id, metadata => metadata.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        await app.Client.RaiseEventAsync(id, "go", "a", Cancellation);
        await app.Client.RaiseEventAsync(id, "order", new Order("o", 1), Cancellation);
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await app.GetAsync(id))!.RuntimeStatus);
        await app.Client.ResumeInstanceAsync(id, cancellation: Cancellation);
        Assert.Equal("a o 1", (await app.CompletedAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Terminated_instances_end_with_the_given_output_and_can_be_purged_and_restarted()
    {
        await using var app = await DurableApp.StartAsync();
        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync("Waiter", new StartOrchestrationOptions("w"), Cancellation);
        Assert.Equal(0, (await app.Client.PurgeInstanceAsync(id, Cancellation)).PurgedInstanceCount);
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.Client.ScheduleNewOrchestrationInstanceAsync("Waiter", new StartOrchestrationOptions("w"), Cancellation));
        await app.Client.TerminateInstanceAsync(id, (object?)"enough", Cancellation);
        var terminated = await app.CompletedAsync(id);
        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "enough"), (terminated.RuntimeStatus, terminated.ReadOutputAs<string>()));
        Assert.Equal("w", await app.Client.RestartAsync("w", false, Cancellation));
        await app.UntilAsync(id, metadata => metadata.IsRunning);
        await app.Client.TerminateInstanceAsync(id, Cancellation);
        await app.CompletedAsync(id);
        Assert.Equal(1, (await app.Client.PurgeInstanceAsync(id, Cancellation)).PurgedInstanceCount);
        Assert.Null(await app.GetAsync(id));
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.CompletedAsync(id));
    }

    [Fact]
    public async Task A_start_in_the_future_waits_for_its_time()
    {
        var clock = new ManualClock(Start);
        await using var app = await DurableApp.StartAsync(time: clock);
        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync("Chain", "x", new StartOrchestrationOptions(StartAt: Start.AddHours(1)), Cancellation);
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await app.GetAsync(id))!.RuntimeStatus);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await app.CompletedAsync(id)).RuntimeStatus);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("@entity")]
    [InlineData("a\nb")]
    [InlineData("a#b")]
    public async Task Instance_ids_that_would_not_fit_into_addresses_are_refused(string id)
    {
        await using var app = await DurableApp.StartAsync();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => app.Client.ScheduleNewOrchestrationInstanceAsync("Chain", new StartOrchestrationOptions(id), Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => app.Client.ScheduleNewOrchestrationInstanceAsync("Nobody", Cancellation));
    }

    [Fact]
    public async Task Queries_filter_and_page()
    {
        await using var app = await DurableApp.StartAsync();
        for (var i = 0; i < 7; i++) await app.Client.ScheduleNewOrchestrationInstanceAsync("Waiter", new StartOrchestrationOptions($"w{i}"), Cancellation);
        await app.OutputAsync("Chain", "x");
        var pages = new List<int>();
        await foreach (var page in app.Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: "w", PageSize: 3)).AsPages()) pages.Add(page.Values.Count);
        Assert.Equal([3, 3, 1], pages);
        var completed = new List<string>();
        await foreach (var metadata in app.Client.GetAllInstancesAsync(new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Completed]))) completed.Add(metadata.Name);
        Assert.Equal(["Chain"], completed);
        Assert.Equal(1, (await app.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(), Cancellation)).PurgedInstanceCount);
    }

    [Fact]
    public async Task Thousands_wait_at_once_and_all_are_woken()
    {
        await using var app = await DurableApp.StartAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 3000).Select(i => app.Client.ScheduleNewOrchestrationInstanceAsync("Impatient", new StartOrchestrationOptions($"i{i}"), Cancellation)));
        await Task.WhenAll(ids.Select(id => app.Client.RaiseEventAsync(id, "go", id, Cancellation)));
        var outputs = await Task.WhenAll(ids.Select(app.CompletedAsync));
        Assert.All(outputs, metadata => Assert.Equal(metadata.InstanceId, metadata.ReadOutputAs<string>()));
    }
}
