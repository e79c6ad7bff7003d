using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Olist.FunctionsHost.Tests.Support;
using Olist.FunctionsHost.Triggers.Timer;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Tests.Timers;

public sealed class TimerTriggerTests
{
    static readonly DateTimeOffset Start = new(2018, 3, 1, 12, 1, 0, TimeSpan.Zero);

    public sealed class Runs(TimeProvider time)
    {
        public List<(DateTimeOffset At, bool PastDue)> List { get; } = [];
        public Func<Task> OnRun { get; set; } = () => Task.CompletedTask;

        public Task TakeAsync(TimerInfo info)
        {
            lock (List) List.Add((time.GetUtcNow(), info.IsPastDue));
            return OnRun();
        }
    }

    public sealed class EveryFiveMinutes(Runs runs)
    {
        [Function("five")]
        public Task Run([TimerTrigger("%SCHEDULE%")] TimerInfo timer) => runs.TakeAsync(timer);
    }

    public sealed class AtStartup(Runs runs)
    {
        [Function("startup")]
        public Task Run([TimerTrigger("0 0 * * * *", RunOnStartup = true)] TimerInfo timer) => runs.TakeAsync(timer);
    }

    static async Task<(TestHost Host, ManualClock Clock, Runs Runs)> StartAsync(TempFolder folder, Type functions, DateTimeOffset at, string schedule = "0 */5 * * * *", Action<Runs>? configure = null)
    {
        var clock = new ManualClock(at);
        folder.Write("local.settings.json", $$"""{ "Values": { "SCHEDULE": "{{schedule}}" } }""");
        var runs = new Runs(clock);
        configure?.Invoke(runs);
        var host = await TestHost.StartAsync(folder, builder =>
        {
            builder.Services.AddSingleton(runs);
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        }, functions);
        return (host, clock, runs);
    }

    [Fact]
    public async Task Runs_at_each_due_time()
    {
        using var folder = new TempFolder();
        var (host, clock, runs) = await StartAsync(folder, typeof(EveryFiveMinutes), Start);
        await using (host)
        {
            for (var i = 1; i <= 3; i++)
            {
                var due = Start.AddMinutes((5 * i) - 1);
                await Eventually.TrueAsync(() => clock.WaitsUntil(due), $"timer set for {due}");
                clock.AdvanceTo(due);
                await Eventually.TrueAsync(() => runs.List.Count == i, $"run {i}");
            }
            Assert.Equal([5, 10, 15], runs.List.Select(run => run.At.Minute));
            Assert.All(runs.List, run => Assert.False(run.PastDue));
        }
    }

    [Fact]
    public async Task After_a_stop_one_missed_run_is_caught_up_however_many_were_missed()
    {
        using var folder = new TempFolder();
        var (first, clock, firstRuns) = await StartAsync(folder, typeof(EveryFiveMinutes), Start);
        await using (first)
        {
            await Eventually.TrueAsync(() => clock.WaitsUntil(Start.AddMinutes(4)), "timer set");
            Assert.Empty(firstRuns.List);
        }
        var (second, laterClock, runs) = await StartAsync(folder, typeof(EveryFiveMinutes), Start.AddHours(3));
        await using (second)
        {
            await Eventually.TrueAsync(() => laterClock.WaitsUntil(Start.AddHours(3).AddMinutes(4)), "next timer set");
            Assert.Equal([(Start.AddHours(3), true)], runs.List);
        }
        var (third, thirdClock, thirdRuns) = await StartAsync(folder, typeof(EveryFiveMinutes), Start.AddHours(9), "0 */10 * * * *");
        await using (third)
        {
            await Eventually.TrueAsync(() => thirdClock.WaitsUntil(Start.AddHours(9).AddMinutes(9)), "timer of the new schedule set");
            Assert.Empty(thirdRuns.List);
        }
    }

    [Fact]
    public async Task A_run_that_is_too_long_is_followed_by_exactly_one()
    {
        using var folder = new TempFolder();
        var release = new TaskCompletionSource();
        var (host, clock, runs) = await StartAsync(folder, typeof(EveryFiveMinutes), Start, configure: r => r.OnRun = () => release.Task);
        await using (host)
        {
            await Eventually.TrueAsync(() => clock.WaitsUntil(Start.AddMinutes(4)), "timer set");
            clock.AdvanceTo(Start.AddMinutes(4));
            await Eventually.TrueAsync(() => runs.List.Count == 1, "first run");
            clock.AdvanceTo(Start.AddMinutes(22));
            Assert.Single(runs.List);
            release.SetResult();
            await Eventually.TrueAsync(() => clock.WaitsUntil(Start.AddMinutes(24)), "back on schedule");
            Assert.Equal([(Start.AddMinutes(4), false), (Start.AddMinutes(22), false)], runs.List);
        }
    }

    [Fact]
    public async Task RunOnStartup_runs_once_at_start_and_by_hand_through_admin()
    {
        using var folder = new TempFolder();
        var (host, clock, runs) = await StartAsync(folder, typeof(AtStartup), Start);
        await using (host)
        {
            await Eventually.TrueAsync(() => runs.List.Count == 1, "startup run");
            await Eventually.TrueAsync(() => clock.WaitsUntil(Start.AddMinutes(59)), "timer set");
            using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/functions/startup");
            request.Headers.Add("x-functions-key", host.MasterKey);
            using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
            await Eventually.TrueAsync(() => runs.List.Count == 2, "run by hand");
        }
    }

    [Fact]
    public async Task A_failed_run_does_not_end_the_schedule()
    {
        using var folder = new TempFolder();
        var (host, clock, runs) = await StartAsync(folder, typeof(EveryFiveMinutes), Start, configure: r => r.OnRun = () => throw new InvalidOperationException("no"));
        await using (host)
        {
            await Eventually.TrueAsync(() => clock.WaitsUntil(Start.AddMinutes(4)), "timer set");
            clock.AdvanceTo(Start.AddMinutes(4));
            await Eventually.TrueAsync(() => clock.WaitsUntil(Start.AddMinutes(9)), "timer set again");
            Assert.Single(runs.List);
        }
    }

    [Theory]
    [InlineData("0 */5 * * * *", "2018-03-01T12:05:00Z")]
    [InlineData("*/5 * * * *", "2018-03-01T12:05:00Z")]
    [InlineData("00:07:00", "2018-03-01T12:08:00Z")]
    [InlineData("0 0 2 * * *", "2018-03-02T02:00:00Z")]
    [InlineData("0 30 9 * * 1-5", "2018-03-02T09:30:00Z")]
    public void Schedules_are_ncrontab_or_intervals(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, null), TimerSchedule.Parse(text, "test").NextAfter(Start, TimeZoneInfo.Utc));

    [Theory]
    [InlineData("0 30 2 * * *", "2018-03-11T06:00:00Z", "2018-03-11T07:00:00Z")] // 02:30 does not exist that night: runs at 03:00.
    [InlineData("0 30 1 * * *", "2018-11-04T04:00:00Z", "2018-11-04T05:30:00Z")] // 01:30 comes twice: runs at the first,
    [InlineData("0 30 1 * * *", "2018-11-04T05:30:00Z", "2018-11-05T06:30:00Z")] // not at the second.
    [InlineData("0 30 * * * *", "2018-11-04T05:30:00Z", "2018-11-04T06:30:00Z")] // Hourly schedules run at both.
    public void A_change_of_clocks_skips_and_doubles_nothing(string schedule, string after, string expected)
    {
        var rules = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(new DateTime(2007, 1, 1), DateTime.MaxValue.Date, TimeSpan.FromHours(1),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 2, DayOfWeek.Sunday),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 11, 1, DayOfWeek.Sunday));
        var zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(-5), "test", "test", "test", [rules]);
        Assert.Equal(DateTimeOffset.Parse(expected, null), TimerSchedule.Parse(schedule, "test").NextAfter(DateTimeOffset.Parse(after, null), zone));
    }
}
