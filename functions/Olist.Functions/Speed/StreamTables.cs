using Olist.Lake;
using Olist.Pipeline.Speed.Tables;

namespace Olist.Functions.Speed;

/// <summary>Writes what the speed layer knows into the <c>stream.*</c> tables, for those who query with SQL (setting <c>Olist:Stream:Schedule</c>).</summary>
public sealed partial class StreamTables(IEnumerable<StreamTable> tables, ILogger<StreamTables> logger)
{
    [Function("stream_tables")]
    public async Task RunAsync([TimerTrigger("%Olist:Stream:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        _ = timer;
        foreach (var table in tables)
        {
            try
            {
                var refresh = await table.RefreshAsync(cancellationToken);
                if (refresh.RowsWritten > 0) LogWritten(refresh.Table, refresh.RowsWritten, refresh.Records);
            }
            catch (CommitConflictException exception)
            {
                // A compaction or another instance came in between; the next tick begins from what is there then.
                LogLater(exception.Message);
            }
        }
    }

    [LoggerMessage(EventId = 6101, Level = LogLevel.Information, Message = "{Table}: {Rows} rows written from {Records} records")]
    partial void LogWritten(string table, long rows, long records);

    [LoggerMessage(EventId = 6102, Level = LogLevel.Information, Message = "A stream table is refreshed next time: {Reason}")]
    partial void LogLater(string reason);
}
