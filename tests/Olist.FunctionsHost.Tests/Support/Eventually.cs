namespace Olist.FunctionsHost.Tests.Support;

/// <summary>Waits for something that happens on another thread, by yielding; gives up after a while and says so.</summary>
static class Eventually
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, $"Waited {Limit} for: {what}");
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
            Thread.Yield();
        }
    }
}
