using System.Diagnostics;
using Olist.Lake;
using Olist.Pipeline.Datasets.Synth;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Bronze;
using Olist.Pipeline.Steps.Publishing;
using Olist.Pipeline.Steps.Tables;
using Olist.Pipeline.Steps.Topics;
using Olist.Pipeline.Steps.Upkeep;
using Olist.Storage;
using Olist.Streaming;
using Olist.Testing.Oracle;
using Olist.Testing.Stores;

namespace Olist.Pipeline.Tests.Soak;

/// <summary>The app's rhythm in simulated time: a commit per topic every few seconds, light upkeep every half minute, a batch run every 20 minutes, full upkeep every hour; upkeep and batch beside the commits.</summary>
sealed class TrafficDay : IAsyncDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("olist-day-").FullName;
    readonly List<(TableSpec Topic, IEventConsumer Consumer, long Waiting)> _topics = [];
    Task _light = Task.CompletedTask, _batch = Task.CompletedTask, _full = Task.CompletedTask;

    TrafficDay() { }

    public SteppedClock Clock { get; } = new();
    public required IReadOnlyDictionary<string, OracleTable> Expected { get; init; }
    public LakeTables Tables { get; private set; } = null!;
    public PipelineState State { get; private set; } = null!;
    public TrafficFigures Figures { get; } = new();

    /// <param name="lake">A folder; null: in memory.</param>
    public static async Task<TrafficDay> StartAsync(int orders, long seed, string? lake, Func<MaintenanceOptions, MaintenanceOptions> adjust, CancellationToken cancellationToken)
    {
        var dataset = Directory.CreateTempSubdirectory("olist-dataset-").FullName;
        try
        {
            await SyntheticDataset.WriteAsync(orders, seed, dataset, cancellationToken);
            var source = await PublishableDataset.LoadAsync(dataset, cancellationToken);
            var day = new TrafficDay { Expected = OracleTables.Compute(dataset), Adjust = adjust };
            day.State = await PipelineState.OpenAsync(new WorkspaceOptions { State = Path.Combine(day._folder, "state") }, day.Clock, cancellationToken);
            day.Tables = await day.OpenLakeAsync(lake, cancellationToken);
            await day.State.PublishAsync(source, ReplayPace.Max, 0, source.Messages.Sequence.Count, null, cancellationToken);
            return day;
        }
        finally
        {
            Directory.Delete(dataset, recursive: true);
        }
    }

    async Task<LakeTables> OpenLakeAsync(string? folder, CancellationToken cancellationToken)
    {
        IObjectStore store = folder is null ? new MemoryObjectStore(time: Clock) : new LocalObjectStore(folder, Durability.Process);
        return new LakeTables(await LakeCatalog.OpenAsync(store, Clock, cancellationToken));
    }

    BronzeIngest IngestInto(LakeTables tables) => new(tables, new TopicDecoders(State.Registry), State.Log, State.LogId);

    /// <summary>How upkeep differs from the app's; for short runs.</summary>
    public Func<MaintenanceOptions, MaintenanceOptions> Adjust { get; init; } = options => options;

    public TimeSpan Ingesting { get; private set; }

    /// <summary>All of the log, a commit per topic and <paramref name="pause"/>, in <paramref name="rounds"/> of them.</summary>
    public async Task RunAsync(int rounds, TimeSpan pause, Action<TimeSpan> onHour, CancellationToken cancellationToken)
    {
        var ingest = IngestInto(Tables);
        foreach (var topic in TableCatalog.BronzeTopics) await AddTopicAsync(topic, cancellationToken);
        for (var round = 1; round <= rounds; round++)
        {
            Clock.Go(pause);
            var began = Stopwatch.GetTimestamp();
            foreach (var (topic, consumer, all) in _topics)
            {
                // Even shares of what there is, so that each topic commits in each round as long as it has a message for it.
                var share = (int)(all * round / rounds - all * (round - 1) / rounds);
                for (var taken = 0; taken < share;)
                {
                    var batch = await consumer.PollAsync(share - taken, TimeSpan.FromSeconds(5), cancellationToken);
                    await ingest.IngestAsync(topic.Name, batch.Records, cancellationToken);
                    taken += batch.Records.Count;
                }
            }
            Ingesting += Stopwatch.GetElapsedTime(began);
            var now = pause * round;
            if (IsDue(now, pause, TimeSpan.FromSeconds(30))) _light = await NextAsync(_light, () => UpkeepAsync(LakeUpkeep.Light, cancellationToken), cancellationToken);
            if (IsDue(now, pause, TimeSpan.FromMinutes(20))) _batch = await NextAsync(_batch, () => BatchAsync(Tables, cancellationToken), cancellationToken);
            if (IsDue(now - TimeSpan.FromMinutes(7), pause, TimeSpan.FromHours(1))) _full = await NextAsync(_full, () => UpkeepAsync(LakeUpkeep.Full, cancellationToken), cancellationToken);
            if (IsDue(now, pause, TimeSpan.FromHours(1))) onHour(now);
        }
        await Task.WhenAll(_light, _batch, _full);
        await BatchAsync(Tables, cancellationToken);
    }

    static bool IsDue(TimeSpan now, TimeSpan pause, TimeSpan every) => now.Ticks / every.Ticks != (now - pause).Ticks / every.Ticks && now > TimeSpan.Zero;

    /// <summary>Simulated time waits for work that it would outrun: a timer's run is over before the next one, as in the app.</summary>
    static async Task<Task> NextAsync(Task before, Func<Task> next, CancellationToken cancellationToken)
    {
        await before;
        return Task.Run(next, cancellationToken);
    }

    async Task AddTopicAsync(TableSpec topic, CancellationToken cancellationToken)
    {
        long all = 0;
        var from = new List<KeyValuePair<TopicPartition, long>>();
        var partitions = (await State.Log.ListTopicsAsync(cancellationToken)).Single(known => known.Name == topic.Name).Partitions;
        for (var partition = 0; partition < partitions; partition++)
        {
            from.Add(KeyValuePair.Create(new TopicPartition(topic.Name, partition), 0L));
            all += (await State.Log.GetWatermarksAsync(new TopicPartition(topic.Name, partition), cancellationToken)).Latest;
        }
        _topics.Add((topic, State.Log.Assign(from), all));
    }

    public async Task UpkeepAsync(MaintenanceOptions options, CancellationToken cancellationToken)
    {
        Figures.Take(await TableFigures.ReadAllAsync(Tables, cancellationToken));
        var results = await LakeUpkeep.RunAsync(Tables, Adjust(options), cancellationToken);
        Figures.Take(results, options.Tiered);
    }

    public async Task BatchAsync(LakeTables tables, CancellationToken cancellationToken) =>
        await BatchRun.RunAsync(await BatchContext.StartAsync(tables, Clock, cancellationToken), 2, cancellationToken);

    /// <summary>The same log in a lake of its own, taken in by one commit per topic and one batch run.</summary>
    public async Task<LakeTables> LoadAtOnceAsync(string? folder, CancellationToken cancellationToken)
    {
        var tables = await OpenLakeAsync(folder, cancellationToken);
        var ingest = IngestInto(tables);
        foreach (var (topic, _, all) in _topics)
        {
            var records = new List<ConsumedRecord>();
            await using var consumer = State.Log.Assign([.. Enumerable.Range(0, 4).Select(partition => KeyValuePair.Create(new TopicPartition(topic.Name, partition), 0L))]);
            while (records.Count < all) records.AddRange((await consumer.PollAsync(int.MaxValue, TimeSpan.FromSeconds(5), cancellationToken)).Records);
            await ingest.IngestAsync(topic.Name, records, cancellationToken);
        }
        await BatchAsync(tables, cancellationToken);
        return tables;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, consumer, _) in _topics) await consumer.DisposeAsync();
        await State.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
