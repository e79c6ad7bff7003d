using Olist.Pipeline.Datasets;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Bronze;
using Olist.Pipeline.Steps.Publishing;
using Olist.Pipeline.Steps.Tables;
using Olist.Streaming;

namespace Olist.Pipeline.Steps;

/// <summary>The pipeline to completion in this process: dataset → log → bronze → silver → gold.</summary>
/// <remarks>Every stage goes on where it was: the log knows what was published (<see cref="ReplayLedger"/>), bronze tables know what they took in
/// (<see cref="SourceOffsets"/>), targets know what they computed from (<see cref="Watermarks"/>). Killed anywhere and given again, it ends in the same tables.</remarks>
public static class Backfill
{
    static int Parallelism => Math.Clamp(Environment.ProcessorCount, 1, 8);

    /// <summary>A dataset through the whole pipeline.</summary>
    public static async Task<BackfillReport> RunAsync(WorkspaceOptions options, string folder, TimeProvider time, Action<string> say, CancellationToken cancellationToken)
    {
        var watch = new Stopwatches(time);
        var source = await watch.MeasureAsync("read", () => PublishableDataset.LoadAsync(folder, cancellationToken));
        Announce(source, say);
        await using var workspace = await Workspace.OpenAsync(options, time, cancellationToken);
        await RequireSameDatasetAsync(workspace, source, cancellationToken);
        var published = await watch.MeasureAsync("publish", () => workspace.State.PublishAsync(source, ReplayPace.Max, 0, source.Messages.Sequence.Count, null, cancellationToken));
        say($"published {published} messages");
        return await CatchUpAsync(workspace, source, watch, say, cancellationToken);
    }

    /// <summary>What waits in the log into bronze, then one run of the batch layer.</summary>
    /// <exception cref="StateInUseException">Another process, such as the app, has the state folder.</exception>
    public static async Task<BackfillReport> CatchUpAsync(WorkspaceOptions options, TimeProvider time, Action<string> say, CancellationToken cancellationToken)
    {
        var watch = new Stopwatches(time);
        // Without a state folder there is nothing to take in, so a lake that is not there either is a mistake in its name.
        await Workspace.OpenLakeAsync(options, mayCreate: Directory.Exists(options.StateFolder), time, cancellationToken);
        await using var workspace = await Workspace.OpenAsync(options, time, cancellationToken);
        return await CatchUpAsync(workspace, null, watch, say, cancellationToken);
    }

    /// <summary>Publishes the events of a time range and takes in nothing.</summary>
    public static async Task<BackfillReport> ReplayAsync(WorkspaceOptions options, string folder, ReplayPace pace, DateTimeOffset? from, DateTimeOffset? to,
        TimeProvider time, Action<string> say, CancellationToken cancellationToken)
    {
        var watch = new Stopwatches(time);
        var source = await watch.MeasureAsync("read", () => PublishableDataset.LoadAsync(folder, cancellationToken));
        Announce(source, say);
        await using var state = await PipelineState.OpenAsync(options, time, cancellationToken);
        var (start, endExcl) = source.RangeOf(from, to);
        var published = await watch.MeasureAsync("publish", () => state.PublishAsync(source, pace, start, endExcl, null, cancellationToken));
        say($"published {published} messages; the rest of the {endExcl - start} that were asked for was in the log already");
        return new BackfillReport(source.Folder, options.Lake, state.Folder, await state.CountMessagesAsync(cancellationToken),
            new Dictionary<string, long>(), watch.Total(), source.Rejected, 0, []);
    }

    static async Task<BackfillReport> CatchUpAsync(Workspace workspace, PublishableDataset? source, Stopwatches watch, Action<string> say, CancellationToken cancellationToken)
    {
        var ingested = await watch.MeasureAsync("ingest", () => new LogToBronze(workspace).RunAsync(Parallelism, cancellationToken));
        say($"took {ingested.Rows} messages into bronze{(ingested.DeadLetters > 0 ? $", {ingested.DeadLetters} into {DeadLetters.Topic}" : "")}");
        var steps = await watch.MeasureAsync("batch", async () =>
            await BatchRun.RunAsync(await BatchContext.StartAsync(workspace.Tables, workspace.Time, cancellationToken), BatchRun.Parallelism, cancellationToken));
        say($"batch layer: {steps.Count(step => step.Committed)} of {steps.Count} tables changed");
        return new BackfillReport(source?.Folder, workspace.Tables.Catalog.Store.RootUri, workspace.State.Folder, await workspace.State.CountMessagesAsync(cancellationToken),
            await RowsAsync(workspace.Tables, cancellationToken), watch.Total(), source?.Rejected, ingested.DeadLetters, steps);
    }

    static void Announce(PublishableDataset source, Action<string> say) =>
        say($"read {source.Folder}: {source.Messages.Sequence.Count} messages{(source.Rejected.Count > 0 ? $", {source.Rejected.Count} rows set aside" : "")}");

    /// <summary>Two datasets in one lake would add up to one that nobody has; that is for <c>olist replay</c>, where one means it.</summary>
    static async Task RequireSameDatasetAsync(Workspace workspace, PublishableDataset source, CancellationToken cancellationToken)
    {
        var ledger = await workspace.State.OpenLedgerAsync(cancellationToken);
        if (ledger.Parts.FirstOrDefault(part => part.Dataset != source.Fingerprint) is { } other)
            throw new PipelineException(
                $"The log in {workspace.State.Folder} holds another dataset ({other.Dataset}) than {source.Folder} ({source.Fingerprint}); together they would be counted as one. " +
                "Give an empty --lake and --state, or, to add the events of this one on purpose, olist replay and then olist batch.");
        if (ledger.Parts.Count == 0 && !await workspace.IsEmptyAsync(cancellationToken))
            throw new PipelineException(
                $"The lake {workspace.Options.Lake} is not empty, but the state folder {workspace.State.Folder} knows of no dataset in it. Give the --state that belongs to this lake, or an empty --lake.");
    }

    static async Task<IReadOnlyDictionary<string, long>> RowsAsync(LakeTables tables, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<string, long>();
        foreach (var name in await tables.Catalog.ListTablesAsync(cancellationToken))
            if (await tables.FindAsync(name.ToString(), cancellationToken) is { } table) rows[name.ToString()] = RowCounts.Of(table);
        return rows;
    }
}
