using Olist.Pipeline.Model;
using Olist.Pipeline.Speed.Live;
using Olist.Pipeline.Speed.Orders;
using Olist.Pipeline.Speed.Tables;
using Olist.Pipeline.Speed.Topics;
using Olist.Pipeline.Tests.Steps;
using Olist.Streaming;

namespace Olist.Pipeline.Tests.Speed;

/// <summary>The speed layer without a host: triggers are calls, entities a dictionary of states. Batches come in any size and order of topics, and some come again.</summary>
sealed class SpeedFixture : IAsyncDisposable
{
    readonly PipelineFixture _pipeline;
    readonly SilverForwarding _silver;
    readonly TopicPublisher<DeliveryStatus> _statuses;
    readonly OrderUpdates _updates;
    readonly CancellationTokenSource _end = new();
    readonly Task _feeding;

    SpeedFixture(PipelineFixture pipeline, SilverForwarding silver, TopicPublisher<DeliveryStatus> statuses, PipelineClock clock)
    {
        (_pipeline, _silver, _statuses) = (pipeline, silver, statuses);
        _updates = new OrderUpdates(pipeline.Workspace.State.Registry);
        Live = new LiveOrders(clock);
        Feed = new StatusFeed(Log, pipeline.Workspace.State.Registry, Live);
        LeadDays = new StreamLeadDays(pipeline.Workspace.Tables, Log, pipeline.Workspace.State.Registry, Live);
        _feeding = Feed.RunAsync(_end.Token);
    }

    public IEventLog Log => _pipeline.Workspace.Log;
    public PipelineFixture Pipeline => _pipeline;
    public Dictionary<string, OrderState> Entities { get; } = [];
    public LiveOrders Live { get; }
    public StatusFeed Feed { get; }
    public StreamLeadDays LeadDays { get; }
    int Partitions => _pipeline.Workspace.Options.Partitions;

    public static async Task<SpeedFixture> OpenAsync(PipelineFixture pipeline, PipelineClock clock, CancellationToken cancellationToken)
    {
        var (log, registry) = (pipeline.Workspace.Log, pipeline.Workspace.State.Registry);
        await SpeedTopics.EnsureAsync(log, pipeline.Workspace.Options.Partitions, cancellationToken);
        var encoder = await SpeedTopics.EncoderAsync(registry, SpeedTopics.DeliveryStatus, cancellationToken);
        return new SpeedFixture(pipeline, await SilverForwarding.CreateAsync(log, registry, cancellationToken),
            TopicPublishers.Statuses(log, encoder, TimeProvider.System, warning => Assert.Fail(warning)), clock);
    }

    /// <summary>All records of a topic, cut into batches and shuffled, one in twenty records once more in another batch.</summary>
    public async Task<List<ConsumedRecord[]>> ShuffledAsync(string topic, Random random, CancellationToken cancellationToken)
    {
        var records = new List<ConsumedRecord>(await AllAsync(topic, cancellationToken));
        for (var i = records.Count / 20; i > 0; i--) records.Add(records[random.Next(records.Count)]);
        var shuffled = records.ToArray();
        random.Shuffle(shuffled);
        var batches = new List<ConsumedRecord[]>();
        for (var at = 0; at < shuffled.Length;)
        {
            var size = Math.Min(random.Next(1, 200), shuffled.Length - at);
            batches.Add(shuffled[at..(at + size)]);
            at += size;
        }
        return batches;
    }

    public async Task<IReadOnlyList<ConsumedRecord>> AllAsync(string topic, CancellationToken cancellationToken)
    {
        long count = 0;
        for (var partition = 0; partition < Partitions; partition++) count += (await Log.GetWatermarksAsync(new TopicPartition(topic, partition), cancellationToken)).Latest;
        await using var consumer = Log.Assign([.. Enumerable.Range(0, Partitions).Select(partition => KeyValuePair.Create(new TopicPartition(topic, partition), 0L))]);
        var all = new List<ConsumedRecord>();
        while (all.Count < count) all.AddRange((await consumer.PollAsync(10_000, TimeSpan.FromSeconds(5), cancellationToken)).Records);
        return all;
    }

    /// <summary>Bronze into the silver topics that are made message by message, each batch of a source twice.</summary>
    public async Task ForwardAsync(CancellationToken cancellationToken)
    {
        foreach (var topic in new[] { "order_status", "estimated_delivery_date", "order_item", "customer", "seller", "geolocation", "review" })
        {
            var records = await AllAsync(topic, cancellationToken);
            foreach (var batch in records.Chunk(97).SelectMany(batch => new[] { batch, batch })) await _silver.ForwardAsync(topic, batch, cancellationToken);
        }
    }

    public Task TakeEventsAsync(ConsumedRecord[] batch) => ApplyAsync(_updates.OfEvents(batch));

    public Task TakeItemsAsync(ConsumedRecord[] batch) => ApplyAsync(_updates.OfItems(batch));

    public Task TakePaymentsAsync(ConsumedRecord[] batch) => ApplyAsync(_updates.OfPayments(batch));

    async Task ApplyAsync(IReadOnlyList<KeyValuePair<string, OrderUpdate>> updates)
    {
        var told = new List<Task>();
        foreach (var (orderId, update) in updates)
        {
            if (!Entities.TryGetValue(orderId, out var state)) Entities.Add(orderId, state = new OrderState());
            if (state.Apply(update) == OrderChange.None) continue;
            state.Judge(Live.TimeOf(state.Times, state.ArrivedMs));
            told.Add(_statuses.PublishAsync(DeliveryStatus.Of(orderId, state)));
        }
        await Task.WhenAll(told);
    }

    /// <summary>Waits until the live view has every record that was published so far.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        for (var partition = 0; partition < Partitions; partition++)
        {
            var end = (await Log.GetWatermarksAsync(new TopicPartition(SpeedTopics.DeliveryStatus, partition), cancellationToken)).Latest;
            while (Feed.Position.GetValueOrDefault(partition) < end) await Task.Delay(5, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _feeding.ContinueWith(_ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
        await _statuses.DisposeAsync();
        await _silver.DisposeAsync();
        await _pipeline.DisposeAsync();
        _end.Dispose();
    }
}
