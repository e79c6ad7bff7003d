using System.Text.Json;
using Olist.Pipeline.Model;
using Olist.Pipeline.Speed.Live;
using Olist.Pipeline.Speed.Orders;
using Olist.Pipeline.Speed.Products;
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
    readonly TopicPublisher<CustomerOrderLine> _lines;
    readonly TopicPublisher<ProductOffer> _offers;
    readonly OrderUpdates _orders;
    readonly ProductUpdates _products;
    readonly CancellationTokenSource _end = new();
    readonly Task _feeding;

    SpeedFixture(PipelineFixture pipeline, SilverForwarding silver, TopicPublisher<DeliveryStatus> statuses, TopicPublisher<CustomerOrderLine> lines, TopicPublisher<ProductOffer> offers, PipelineClock clock)
    {
        (_pipeline, _silver, _statuses, _lines, _offers) = (pipeline, silver, statuses, lines, offers);
        var (tables, registry) = (pipeline.Workspace.Tables, pipeline.Workspace.State.Registry);
        (_orders, _products) = (new OrderUpdates(registry), new ProductUpdates(registry));
        Live = new LiveOrders(clock);
        Feed = new StatusFeed(Log, registry, Live);
        LeadDays = new StreamLeadDays(tables, Log, registry, Live, Feed);
        Restart();
        _feeding = Feed.RunAsync(_end.Token);
    }

    public IEventLog Log => _pipeline.Workspace.Log;
    public PipelineFixture Pipeline => _pipeline;
    public Dictionary<string, OrderState> Orders { get; } = [];
    public Dictionary<string, ProductState> Products { get; } = [];
    public LiveOrders Live { get; }
    public StatusFeed Feed { get; }
    public StreamTable LeadDays { get; }
    public IReadOnlyList<StreamTable> Tables { get; private set; }

    /// <summary>The stream tables forget what they keep in memory, as a killed process does.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(Tables))]
    public void Restart()
    {
        var (tables, registry) = (Pipeline.Workspace.Tables, Pipeline.Workspace.State.Registry);
        Tables = [LeadDays, new StreamOrderDetail(tables, Log, registry), new StreamUserLocation(tables, Log, registry)];
    }
    int Partitions => _pipeline.Workspace.Options.Partitions;

    public static async Task<SpeedFixture> OpenAsync(PipelineFixture pipeline, PipelineClock clock, CancellationToken cancellationToken)
    {
        var (log, registry) = (pipeline.Workspace.Log, pipeline.Workspace.State.Registry);
        await SpeedTopics.EnsureAsync(log, pipeline.Workspace.Options.Partitions, cancellationToken);
        return new SpeedFixture(pipeline, await SilverForwarding.CreateAsync(log, registry, cancellationToken),
            TopicPublishers.Statuses(log, await SpeedTopics.EncoderAsync(registry, SpeedTopics.DeliveryStatus, cancellationToken), TimeProvider.System, Fail),
            TopicPublishers.Lines(log, await SpeedTopics.EncoderAsync(registry, "customer_order", cancellationToken), TimeProvider.System, Fail),
            TopicPublishers.Offers(log, await SpeedTopics.EncoderAsync(registry, "product_metadata", cancellationToken), TimeProvider.System, Fail), clock);

        static void Fail(string warning) => Assert.Fail(warning);
    }

    /// <summary>Where set, some looks at orders are lost: an entity saw that a promise was broken, told of it, and was killed before its state was kept.</summary>
    public Random? LostLooks { get; set; }

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

    /// <summary>Bronze into the silver topics that are made message by message: calls to be made in this order for each topic, each batch twice.</summary>
    public async Task<List<Queue<Func<Task>>>> ForwardingAsync(IReadOnlyList<string> topics, CancellationToken cancellationToken)
    {
        var forwarding = new List<Queue<Func<Task>>>();
        foreach (var topic in topics)
        {
            var records = await AllAsync(topic, cancellationToken);
            forwarding.Add(new(records.Chunk(97).SelectMany(batch => new[] { batch, batch }).Select(batch => (Func<Task>)(() => _silver.ForwardAsync(topic, batch, cancellationToken)))));
        }
        return forwarding;
    }

    public async Task ForwardAsync(CancellationToken cancellationToken)
    {
        foreach (var topic in await ForwardingAsync([.. OrderTopics, .. OtherTopics], cancellationToken))
            foreach (var call in topic) await call();
    }

    /// <summary>Bronze topics that tell of orders, and those that tell of users, places and reviews.</summary>
    public static IReadOnlyList<string> OrderTopics { get; } = ["order_status", "estimated_delivery_date", "order_item"];

    public static IReadOnlyList<string> OtherTopics { get; } = ["customer", "seller", "geolocation", "review"];

    public Task TakeEventsAsync(ConsumedRecord[] batch) => ApplyAsync(_orders.OfEvents(batch));

    public Task TakeItemsAsync(ConsumedRecord[] batch) => ApplyAsync(_orders.OfItems(batch));

    public Task TakePaymentsAsync(ConsumedRecord[] batch) => ApplyAsync(_orders.OfPayments(batch));

    public Task TakeOffersAsync(ConsumedRecord[] batch) => ApplyAsync(_products.OfItems(batch));

    public Task TakeProductsAsync(ConsumedRecord[] batch) => ApplyAsync(_products.OfProducts(batch));

    async Task ApplyAsync(IReadOnlyList<KeyValuePair<string, OrderUpdate>> updates)
    {
        var told = new List<Task>();
        foreach (var (orderId, update) in updates)
        {
            if (!Orders.TryGetValue(orderId, out var state)) Orders.Add(orderId, state = new OrderState());
            if (LostLooks?.Next(4) == 0)
            {
                var lost = JsonSerializer.Deserialize<OrderState>(JsonSerializer.Serialize(state))!;
                if (lost.Judge(long.MaxValue)) told.Add(_statuses.PublishAsync(DeliveryStatus.Of(orderId, lost)));
            }
            var change = state.Apply(update);
            if (change == OrderChange.None) continue;
            state.Judge(Live.TimeOf(state.Times, state.ArrivedMs));
            told.Add(_statuses.PublishAsync(DeliveryStatus.Of(orderId, state)));
            if (change.HasFlag(OrderChange.Contents)) told.Add(_lines.PublishAsync([.. state.Lines().Select(line => new CustomerOrderLine(orderId, line, state.CustomerId))]));
        }
        await Task.WhenAll(told);
    }

    async Task ApplyAsync(IReadOnlyList<KeyValuePair<string, ProductUpdate>> updates)
    {
        foreach (var (productId, update) in updates)
        {
            if (!Products.TryGetValue(productId, out var state)) Products.Add(productId, state = new ProductState());
            var offers = state.Apply(productId, update);
            if (offers.Count > 0) await _offers.PublishAsync(offers);
        }
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
        await _lines.DisposeAsync();
        await _offers.DisposeAsync();
        await _silver.DisposeAsync();
        await _pipeline.DisposeAsync();
        _end.Dispose();
    }
}
