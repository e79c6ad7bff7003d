using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Durable.Instances;
using Olist.FunctionsHost.Hosting;

namespace Olist.FunctionsHost.Durable.Engine;

/// <summary>Finished orchestrations go by themselves when they are old: each of them is in memory, and in every checkpoint.</summary>
sealed partial class DurableEngine
{
    static readonly TimeSpan LongestRetentionPause = TimeSpan.FromHours(1);

    ITimer? _retention;

    /// <summary>Looks at once for what grew old while the host was down, then again and again.</summary>
    void StartRetention()
    {
        if (_options.DurableRetention is { } kept)
            _retention = _time.CreateTimer(_ => _ = _threads.RunAsync(() => PurgeOldAsync(kept)), null, TimeSpan.Zero, kept < LongestRetentionPause ? kept : LongestRetentionPause);
    }

    async Task PurgeOldAsync(TimeSpan kept)
    {
        if (!EnterWorkIfRunning()) return;
        try
        {
            List<string> old;
            lock (_store.Gate) old = [.. _store.All.Where(instance => IsOld(instance, kept)).Select(instance => instance.Id)];
            foreach (var id in old)
                await GuardAsync(DurablePoint.BeforePurgeIsAppended, null, id,
                    () => _store.Find(id) is { } instance && IsOld(instance, kept) ? _store.Commit(new PurgeRecord(id)) : 0, () => { });
            if (old.Count > 0) LogPurged(_logger, old.Count, kept);
        }
        catch (Exception error) when (error is DurableFaultException or FunctionsHostException)
        {
            // The engine has stopped, and said why.
        }
        finally
        {
            LeaveWork();
        }
    }

    /// <summary>A sub-orchestration stays as long as the one that started it is on its way.</summary>
    bool IsOld(Instance instance, TimeSpan kept) =>
        instance.IsFinished && instance.UpdatedAt <= Now - kept && (instance.Parent is not { } parent || _store.Find(parent.InstanceId) is not { IsFinished: false });

    [LoggerMessage(EventId = 4406, Level = LogLevel.Debug, Message = "{Count} orchestrations that had finished more than {Kept} ago were purged")]
    static partial void LogPurged(ILogger logger, int count, TimeSpan kept);
}
