using Olist.Formats.Columns;
using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Steps.Silver;

/// <summary><c>silver.customer_order</c>: the pieces of an order, counted per product, seller and price, with the customer that the payment names.</summary>
/// <remarks>An item without product, seller or price has no key and stays in bronze. Items and payments of one order may come in different runs, in either order: quantities add up, and a customer found later is filled in.</remarks>
public sealed class CustomerOrderStep : BatchStep
{
    const string Item = "bronze.order_item", Payment = "bronze.payment";
    static readonly string[] ItemKey = ["order_id", "product_id", "seller_id", "price"];
    static readonly string[] Key = ["order_id", "product_id", "seller_id", "unit_price"];

    public override string Target => "silver.customer_order";
    public override IReadOnlyList<string> Sources => [Item, Payment];

    protected override async ValueTask<StepOutput> ComputeAsync(StepInput input, CancellationToken cancellationToken)
    {
        var items = Rows.WithAll(await input[Item].ReadAsync(ItemKey, cancellationToken), ItemKey);
        var payments = await input[Payment].ReadAsync(["order_id", "customer_id"], cancellationToken);
        var (existing, positions) = await input.LookupTargetAsync(
            Rows.DistinctKeys("order_id", items["order_id"], payments["order_id"]), cancellationToken);

        var (groupOfItem, firstItems) = new KeyIndex([.. items.Columns]).Group();
        var added = new long[firstItems.Length];
        foreach (var group in groupOfItem) added[group]++;
        var pieces = items.Gather(firstItems);

        // Rows of the delta first, then those in the table that only get their customer now.
        Column[] pieceKey = [.. pieces.Columns];
        Column[] existingKey = [.. Key.Select(name => existing[name])];
        var oldQuantity = existing.Longs("quantity");
        var found = existing.RowCount == 0 ? null : new KeyIndex(existingKey).FindAll(pieceKey);
        for (var row = 0; row < added.Length; row++)
            if (found is not null && found[row] >= 0) added[row] += oldQuantity[found[row]];
        var touched = found is null ? [] : found.Where(row => row >= 0).ToHashSet();
        var waiting = Rows.Where(existing.RowCount, row => !touched.Contains(row) && existing["customer_id"].IsNull(row));

        var orders = Column.Concat([pieces["order_id"], existing["order_id"].Gather(waiting)]);
        var customers = await CustomersAsync(input, orders, payments, existing, cancellationToken);
        var rows = Rows.Of(input.Target.Columns,
            ("order_id", orders),
            ("product_id", Column.Concat([pieces["product_id"], existing["product_id"].Gather(waiting)])),
            ("seller_id", Column.Concat([pieces["seller_id"], existing["seller_id"].Gather(waiting)])),
            ("unit_price", Column.Concat([pieces["price"], existing["unit_price"].Gather(waiting)])),
            ("quantity", Column.Concat([new ValueColumn<long>(DataType.Long, added, added.Length), oldQuantity.Gather(waiting)])),
            ("customer_id", customers));
        return Upsert.Changed(rows, existing, positions, Key);
    }

    /// <summary>The customer of each order: from this run's payments, else from the order's rows in the table, else from earlier payments.</summary>
    static async ValueTask<Column> CustomersAsync(StepInput input, Column orders, RowBatch payments, RowBatch existing, CancellationToken cancellationToken)
    {
        var known = RowBatch.Concat(payments.Schema, [Rows.WithAll(payments, "customer_id"), Rows.WithAll(existing.Select("order_id", "customer_id"), "customer_id")]);
        var found = new KeyIndex(known["order_id"]).FindAll(orders);
        var missing = Rows.Where(orders.Count, row => found[row] < 0);
        if (missing.Length == 0 || !input[Payment].HasHistory) return known["customer_id"].Gather(found);

        var earlier = await input[Payment].LookupAsync(
            Rows.DistinctKeys("order_id", orders.Gather(missing)), ["order_id", "customer_id"], cancellationToken);
        known = RowBatch.Concat(payments.Schema, [known, Rows.WithAll(earlier, "customer_id")]);
        return known["customer_id"].Gather(new KeyIndex(known["order_id"]).FindAll(orders));
    }
}
