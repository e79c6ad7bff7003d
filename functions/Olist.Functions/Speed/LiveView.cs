using Olist.Pipeline.Speed.Live;

namespace Olist.Functions.Speed;

/// <summary>Keeps this instance's live view fed, from its start to its end.</summary>
public sealed partial class LiveView(StatusFeed feed, LiveOrders live, ILogger<LiveView> logger) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _ = AnnounceAsync();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Yield();
                await feed.RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is IOException or TimeoutException)
            {
                LogInterrupted(exception.Message);
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    async Task AnnounceAsync()
    {
        await feed.CaughtUp;
        LogReady(live.Count);
    }

    [LoggerMessage(EventId = 6001, Level = LogLevel.Information, Message = "The live view holds {Orders} orders")]
    partial void LogReady(int orders);

    [LoggerMessage(EventId = 6002, Level = LogLevel.Warning, Message = "The live view is interrupted and reads on from the topic's beginning: {Reason}")]
    partial void LogInterrupted(string reason);
}
