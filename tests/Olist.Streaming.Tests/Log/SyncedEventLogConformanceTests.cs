using Olist.Streaming.Log;

namespace Olist.Streaming.Tests.Log;

/// <summary>The same with every flush synced to the disk.</summary>
public sealed class SyncedEventLogConformanceTests : EventLogConformance
{
    LocalEventLog? _log;

    protected override async ValueTask<IEventLog> OpenAsync() =>
        _log = await LocalEventLog.OpenAsync(Folder.Of("state"), new LocalLogOptions { BatchBytes = 1024, SegmentBytes = 16 * 1024, Durability = Durability.Disk }, TimeProvider.System, Token);

    protected override async ValueTask CloseAsync()
    {
        if (_log is not null) await _log.DisposeAsync();
    }
}
