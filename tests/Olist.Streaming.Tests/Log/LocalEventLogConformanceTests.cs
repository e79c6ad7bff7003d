using Olist.Streaming.Log;

namespace Olist.Streaming.Tests.Log;

public sealed class LocalEventLogConformanceTests : EventLogConformance
{
    LocalEventLog? _log;

    protected override async ValueTask<IEventLog> OpenAsync() =>
        _log = await LocalEventLog.OpenAsync(Folder.Of("state"), new LocalLogOptions { BatchBytes = 1024, SegmentBytes = 16 * 1024 }, TimeProvider.System, Token);

    protected override async ValueTask CloseAsync()
    {
        if (_log is not null) await _log.DisposeAsync();
    }
}
