using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Lineage;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Functions.Batch;

/// <summary>The steps of a batch run. Each may run twice: what a step has taken in already, it leaves alone.</summary>
public sealed partial class BatchActivities(LakeTables lake, RunRecorder recorder, TimeProvider time, ILogger<BatchActivities> logger)
{
    [Function(nameof(PinSources))]
    public async Task<Dictionary<string, long>> PinSources([ActivityTrigger] object? input, CancellationToken cancellationToken) =>
        new((await BatchContext.StartAsync(lake, time, cancellationToken)).Pins);

    [Function(nameof(RunStep))]
    public Task<StepResult> RunStep([ActivityTrigger] StepRequest request, CancellationToken cancellationToken) =>
        BatchPlan.Get(request.Target).RunAsync(new BatchContext(lake, request.Pins, time) { RunId = request.RunId }, cancellationToken);

    [Function(nameof(PublishWatermarks))]
    public async Task PublishWatermarks([ActivityTrigger] StepResult[] results, CancellationToken cancellationToken)
    {
        await WatermarkTable.PublishAsync(new BatchContext(lake, new Dictionary<string, long>(), time), results, cancellationToken);
        LogDone(results.Count(result => result.Committed), results.Length, results.Sum(result => result.RowsRead), results.Sum(result => result.RowsWritten));
    }

    /// <summary>What the run read, wrote and took, as lineage. A second time changes nothing.</summary>
    [Function(nameof(RecordRun))]
    public Task RecordRun([ActivityTrigger] RunRecord record, CancellationToken cancellationToken) => recorder.RecordAsync(record, cancellationToken);

    [LoggerMessage(EventId = 5101, Level = LogLevel.Information, Message = "Batch run: {Changed} of {Tables} tables changed, {RowsRead} rows read, {RowsWritten} written")]
    partial void LogDone(int changed, int tables, long rowsRead, long rowsWritten);
}
