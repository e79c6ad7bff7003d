using Olist.Pipeline;
using Olist.Pipeline.Datasets;
using Olist.Pipeline.Datasets.Synth;
using Olist.Pipeline.Steps;
using Olist.Pipeline.Steps.Publishing;

namespace Olist.Functions.Operations;

/// <summary>Replays the dataset into an empty lake, so that a first start shows something; a start after that goes on where it was.</summary>
public sealed partial class DatasetReplay(Workspace workspace, ReplaySettings settings, ReplayProgress progress, ILogger<DatasetReplay> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Yield();
            if (settings.Wanted) await ReplayAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start goes on from here.
        }
        catch (Exception exception) when (exception is PipelineException or DatasetException or IOException)
        {
            LogRefused(exception.Message);
        }
        finally
        {
            progress.Finish();
        }
    }

    async Task ReplayAsync(CancellationToken cancellationToken)
    {
        var ledger = await workspace.State.OpenLedgerAsync(cancellationToken);
        if (ledger.Parts.Count == 0 && !await workspace.IsEmptyAsync(cancellationToken)) return;
        if (ledger.Parts.Count > 0 && ledger.Parts.All(part => part.Done)) return;

        var folder = settings.Dataset ?? await SampleAsync(cancellationToken);
        LogReading(folder);
        var source = await PublishableDataset.LoadAsync(folder, cancellationToken);
        progress.Start(source.Messages.Sequence.Count);
        var published = await workspace.State.PublishAsync(source, settings.Pace, 0, source.Messages.Sequence.Count, progress.Advance, cancellationToken);
        LogPublished(published, folder, source.Rejected.Count);
    }

    /// <summary>The synthetic sample; written once, beside the log it goes into.</summary>
    async Task<string> SampleAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(workspace.State.Folder, "sample");
        var finished = Path.Combine(folder, "olist_customers_dataset.csv");
        if (File.Exists(finished)) return folder;
        var unfinished = folder + ".tmp";
        if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        await SyntheticDataset.WriteAsync(ReplaySettings.SampleOrders, seed: 1, unfinished, cancellationToken);
        Directory.Move(unfinished, folder);
        return folder;
    }

    [LoggerMessage(EventId = 5001, Level = LogLevel.Information, Message = "Replaying {Folder} into the lake")]
    partial void LogReading(string folder);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Information, Message = "Published {Messages} messages of {Folder}; {Rejected} rows of it were set aside")]
    partial void LogPublished(long messages, string folder, long rejected);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Error, Message = "The dataset is not replayed: {Reason}")]
    partial void LogRefused(string reason);
}
