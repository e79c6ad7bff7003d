using Olist.Formats.Columns;
using Olist.Lake;
using Olist.Pipeline.Model;

namespace Olist.Pipeline.Queries;

/// <summary>An order that has not reached its customer, with what it promised and what is in it.</summary>
/// <param name="EstimatedDelivery">Microseconds since 1970, or <see langword="null"/> before approval.</param>
/// <param name="AmountCents">Money of all its pieces, in hundredths.</param>
/// <param name="Group">The best portfolio group among its products; <see langword="null"/> when none of them has been sold before.</param>
public sealed record OpenOrder(string OrderId, long? Purchase, long? Approve, long? DeliveredCarrier, long? ShippingLimit, long? EstimatedDelivery, long Pieces, long AmountCents, IReadOnlyList<string> ProductIds, string? Group);

/// <summary>Every order on its way, joined with what its products are worth.</summary>
public sealed class LateOrdersView
{
    public const string LeadDaysTable = "gold.fact_order_lead_days", DetailTable = "gold.fact_order_detail";

    LateOrdersView(IReadOnlyList<OpenOrder> open, long lastEvent)
    {
        Open = open;
        LastEvent = lastEvent;
    }

    public IReadOnlyList<OpenOrder> Open { get; }

    /// <summary>The latest instant that any order reports, microseconds since 1970: the event clock. 0 without orders.</summary>
    public long LastEvent { get; }

    public static async Task<LateOrdersView> PrepareAsync(LakeTable leadDays, LakeTable details, SalesView sales, CancellationToken cancellationToken)
    {
        var contents = await ContentsAsync(details, cancellationToken);
        var open = new List<OpenOrder>();
        long lastEvent = 0;
        await foreach (var rows in leadDays.ScanAsync(null, ["order_id", "purchase", "approve", "delivered_carrier", "delivered_customer", "shipping_limit", "estimated_delivery"], cancellationToken))
        {
            var ids = rows.Bytes("order_id");
            var (purchase, approve, carrier, customer) = (rows.Longs("purchase"), rows.Longs("approve"), rows.Longs("delivered_carrier"), rows.Longs("delivered_customer"));
            var (limit, estimated) = (rows.Longs("shipping_limit"), rows.Longs("estimated_delivery"));
            for (var row = 0; row < rows.RowCount; row++)
            {
                foreach (var happened in (ReadOnlySpan<ValueColumn<long>>)[purchase, approve, carrier, customer])
                    if (!happened.IsNull(row)) lastEvent = Math.Max(lastEvent, happened[row]);
                if (!customer.IsNull(row)) continue;
                var id = ids.Find(row)!;
                contents.TryGetValue(id, out var content);
                open.Add(new OpenOrder(id, purchase.Find(row), approve.Find(row), carrier.Find(row), limit.Find(row), estimated.Find(row),
                    content?.Pieces ?? 0, content?.AmountCents ?? 0, content?.Products ?? [], PortfolioMatrix.Best(content?.Products.Select(product => sales.LatestGroups.GetValueOrDefault(product)) ?? [])));
            }
        }
        return new LateOrdersView(open, lastEvent);
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
