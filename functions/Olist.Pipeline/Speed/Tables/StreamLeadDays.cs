using Olist.Formats.Columns;
using Olist.Lake;
using Olist.Pipeline.Model;
using Olist.Pipeline.Speed.Live;
using Olist.Pipeline.Speed.Orders;
using Olist.Pipeline.Speed.Topics;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Tables;
using Olist.Streaming;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Speed.Tables;

/// <summary><c>stream.fact_order_lead_days</c>: the orders of <c>delivery_status</c>, their open stages counted up to now.</summary>
/// <remarks>Open orders come from the live view too, because their days move with the clock, without any message. Not from a view that is behind the table, as after a start:
/// what it takes for open may be delivered, and the record that says so has been taken in already. What the view has taken in since the last refresh is not read from the topic again.</remarks>
public sealed class StreamLeadDays(LakeTables lake, IEventLog log, ISchemaRegistry registry, LiveOrders live, StatusFeed feed) : StreamTable(lake, log, registry)
{
    readonly UnwrittenOrders _unwritten = new(live);

    protected override TableSpec Target => TableCatalog.StreamOrderLeadDays;
    protected override IReadOnlyList<string> Topics { get; } = [SpeedTopics.DeliveryStatus];

    private protected override ValueTask<StepOutput> ComputeAsync(LakeTable table, TopicOffsets taken, IReadOnlyDictionary<string, TopicNews> news, CancellationToken cancellationToken)
    {
        var statuses = new Dictionary<string, DeliveryStatus>(StringComparer.Ordinal);
        foreach (var status in _unwritten.Orders) Keep(statuses, status);
        var told = news[SpeedTopics.DeliveryStatus];
        var read = StatusRows.Reader(told.Rows, told.Offsets);
        foreach (var row in LatestRows(told.Rows, ["order_id"])) Keep(statuses, read(row));
        // The position first: it only moves on, so the orders are at least as new as it says.
        if (UnwrittenOrders.IsAbreast(taken.Of(SpeedTopics.DeliveryStatus), feed.Position))
            foreach (var open in live.Open()) Keep(statuses, open);
        return ChangedAsync(table, RowsOf(table.Columns, statuses), Target.Key, cancellationToken);
    }

    private protected override async Task<TopicNews> ReadAsync(string topic, IReadOnlyDictionary<int, long> from, CancellationToken cancellationToken)
    {
        // The position first, as for open orders.
        var position = feed.Position;
        if (_unwritten.TryTake(from, position) is { } next)
            return new TopicNews(ReaderOf(topic).NoRows, [], next, next.Sum(partition => partition.Value - from.GetValueOrDefault(partition.Key)));
        var news = await base.ReadAsync(topic, from, cancellationToken);
        _unwritten.Begin(from, news.Next);
        return news;
    }

    static void Keep(Dictionary<string, DeliveryStatus> statuses, DeliveryStatus status)
    {
        if (!statuses.TryGetValue(status.OrderId, out var known) || known.Offset < status.Offset) statuses[status.OrderId] = status;
    }

    RowBatch RowsOf(IReadOnlyList<ColumnSchema> columns, Dictionary<string, DeliveryStatus> statuses)
    {
        var rows = new RowBatchBuilder(columns, statuses.Count);
        foreach (var status in statuses.Values)
        {
            var days = StageDays.AsOf(status.Times, live.TimeOf(status));
            rows.Bytes(0).Append(status.OrderId);
            ReadOnlySpan<long?> values =
            [
                status.Times.Purchase, status.Times.Approve, status.Times.DeliveredCarrier, status.Times.DeliveredCustomer, status.Times.ShippingLimit, status.Times.EstimatedDelivery,
                days.PurchaseToApproval, days.ApprovalToCarrier, days.CarrierToCustomer, days.CarrierDeliveryDelay, days.CustomerDeliveryDelay,
            ];
            for (var i = 0; i < values.Length; i++)
                if (values[i] is { } value) rows.Longs(i + 1).Append(value);
                else rows.Longs(i + 1).AppendNull();
        }
        return rows.Build();
    }
}
