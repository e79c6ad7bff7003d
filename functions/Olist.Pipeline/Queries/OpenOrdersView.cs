using Olist.Formats.Columns;
using Olist.Lake;
using Olist.Pipeline.Speed.Orders;
using Olist.Pipeline.Speed.Topics;

namespace Olist.Pipeline.Queries;

/// <summary>An order that has not reached its customer, and what is in it.</summary>
/// <param name="AmountCents">Money of all its pieces, in hundredths.</param>
public sealed record OpenOrder(string OrderId, OrderTimes Times, long Pieces, long AmountCents, IReadOnlyList<string> ProductIds);

/// <summary>Every order on its way, as the batch layer knows it.</summary>
public sealed class OpenOrdersView
{
    public const string LeadDaysTable = "gold.fact_order_lead_days", DetailTable = "gold.fact_order_detail";

    readonly Dictionary<string, OpenOrder> _open;
    readonly HashSet<string> _delivered;

    OpenOrdersView(Dictionary<string, OpenOrder> open, HashSet<string> delivered, long lastEvent)
    {
        _open = open;
        _delivered = delivered;
        LastEvent = lastEvent;
    }

    public IReadOnlyCollection<OpenOrder> Open => _open.Values;

    /// <summary>The latest instant that any order reports, microseconds since 1970. 0 without orders.</summary>
    public long LastEvent { get; }

    public OpenOrder? Find(string orderId) => _open.GetValueOrDefault(orderId);

    /// <summary>Whether the batch layer has the order with its customer already.</summary>
    public bool IsDelivered(string orderId) => _delivered.Contains(orderId);

    public static async Task<OpenOrdersView> PrepareAsync(LakeTable leadDays, LakeTable details, CancellationToken cancellationToken)
    {
        var contents = await ContentsAsync(details, cancellationToken);
        var open = new Dictionary<string, OpenOrder>(StringComparer.Ordinal);
        var delivered = new HashSet<string>(StringComparer.Ordinal);
        long lastEvent = 0;
        await foreach (var rows in leadDays.ScanAsync(null, ["order_id", "purchase", "approve", "delivered_carrier", "delivered_customer", "shipping_limit", "estimated_delivery"], cancellationToken))
        {
            var ids = rows.Bytes("order_id");
            var read = StatusRows.Times(rows);
            for (var row = 0; row < rows.RowCount; row++)
            {
                var (id, times) = (ids.Find(row)!, read(row));
                if (times.LastHappened is { } happened) lastEvent = Math.Max(lastEvent, happened);
                if (times.DeliveredCustomer is not null)
                {
                    delivered.Add(id);
                    continue;
                }
                contents.TryGetValue(id, out var content);
                open.Add(id, new OpenOrder(id, times, content?.Pieces ?? 0, content?.AmountCents ?? 0, content?.Products ?? []));
            }
        }
        return new OpenOrdersView(open, delivered, lastEvent);
    }

    sealed class Content
    {
        public List<string> Products { get; } = [];
        public long Pieces { get; set; }
        public long AmountCents { get; set; }
    }

    static async Task<Dictionary<string, Content>> ContentsAsync(LakeTable details, CancellationToken cancellationToken)
    {
        var contents = new Dictionary<string, Content>();
        await foreach (var rows in details.ScanAsync(null, ["order_id", "product_id", "quantity", "unit_price"], cancellationToken))
        {
            var (orders, products, quantity, price) = (rows.Bytes("order_id"), rows.Bytes("product_id"), rows.Longs("quantity"), rows.Longs("unit_price"));
            for (var row = 0; row < rows.RowCount; row++)
            {
                var id = orders.Find(row)!;
                if (!contents.TryGetValue(id, out var content)) contents.Add(id, content = new Content());
                if (products.Find(row) is { } product && !content.Products.Contains(product)) content.Products.Add(product);
                content.Pieces += quantity[row];
                content.AmountCents += quantity[row] * (price.Find(row) ?? 0);
            }
        }
        return contents;
    }
}
