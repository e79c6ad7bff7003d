using Olist.Lake;
using Olist.Pipeline.Datasets.Synth;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Bronze;
using Olist.Pipeline.Steps.Publishing;
using Olist.Pipeline.Steps.Tables;
using Olist.Streaming;
using Olist.Testing.Oracle;

namespace Olist.Pipeline.Tests.Steps;

/// <summary>A dataset and an empty workspace in a folder of its own, and what the oracle makes of the dataset.</summary>
sealed class PipelineFixture : IAsyncDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("olist-steps-").FullName;

    PipelineFixture() { }

    public required PublishableDataset Source { get; init; }
    public required IReadOnlyDictionary<string, OracleTable> Expected { get; init; }
    public Workspace Workspace { get; private set; } = null!;

    public static async Task<PipelineFixture> SyntheticAsync(int orders, long seed, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("olist-dataset-").FullName;
        try
        {
            await SyntheticDataset.WriteAsync(orders, seed, folder, cancellationToken);
            return await OfAsync(folder, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Of the nine files in a folder.</summary>
    public static async Task<PipelineFixture> OfAsync(string folder, CancellationToken cancellationToken)
    {
        var fixture = new PipelineFixture
        {
            Source = await PublishableDataset.LoadAsync(folder, cancellationToken),
            Expected = OracleTables.Compute(folder),
        };
        fixture.Workspace = await Workspace.OpenAsync(new WorkspaceOptions { Lake = Path.Combine(fixture._folder, "lake") }, TimeProvider.System, cancellationToken);
        return fixture;
    }

    public async Task PublishAsync(CancellationToken cancellationToken) =>
        await Workspace.State.PublishAsync(Source, ReplayPace.Max, 0, Source.Messages.Sequence.Count, null, cancellationToken);

    public async Task<IReadOnlyList<StepResult>> BatchAsync(CancellationToken cancellationToken) =>
        await BatchRun.RunAsync(await BatchContext.StartAsync(Workspace.Tables, TimeProvider.System, cancellationToken), 2, cancellationToken);

    /// <summary>Takes at most <paramref name="limit"/> more messages of one topic into bronze.</summary>
    public async Task<int> IngestAsync(TableSpec topic, int limit, CancellationToken cancellationToken)
    {
        var offsets = SourceOffsets.Of(await Workspace.Tables.EnsureAsync(topic.FullName, cancellationToken));
        var partitions = Enumerable.Range(0, Workspace.Options.Partitions).Select(partition => KeyValuePair.Create(new TopicPartition(topic.Name, partition), offsets.NextOf(partition)));
        await using var consumer = Workspace.Log.Assign([.. partitions]);
        var batch = await consumer.PollAsync(limit, TimeSpan.Zero, cancellationToken);
        if (batch.Records.Count > 0) await Workspace.Ingest.IngestAsync(topic.Name, batch.Records, cancellationToken);
        return batch.Records.Count;
    }

    /// <summary>What the tables of silver and gold have too much or too little; empty when all are as the oracle has them.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync(CancellationToken cancellationToken)
    {
        var differences = new List<string>();
        foreach (var step in BatchPlan.Steps)
        {
            var table = await Workspace.Tables.EnsureAsync(step.Target, cancellationToken);
            differences.AddRange(Expected[step.Target].Differences(await LakeRows.ReadAsync(table, cancellationToken)));
        }
        return differences;
    }

    public async ValueTask DisposeAsync()
    {
        await Workspace.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
