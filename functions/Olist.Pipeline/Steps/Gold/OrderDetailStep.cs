using Olist.Formats.Columns;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Silver;

namespace Olist.Pipeline.Steps.Gold;

/// <summary><c>gold.fact_order_detail</c>: what was ordered, with the category of each product.</summary>
/// <remarks>An order whose product has not been announced yet is there with category <c>unknown</c>, and corrected when the product comes.</remarks>
public sealed class OrderDetailStep : BatchStep
{
    const string Order = "silver.customer_order", Product = "silver.product_metadata";
    static readonly string[] Pair = ["product_id", "seller_id"];
    static readonly string[] OrderColumns = ["order_id", "product_id", "seller_id", "unit_price", "customer_id", "quantity"];
    static readonly string[] Key = ["order_id", "product_id", "seller_id", "unit_price"];

    public override string Target => "gold.fact_order_detail";
    public override IReadOnlyList<string> Sources => [Order, Product];

    protected override async ValueTask<StepOutput> ComputeAsync(StepInput input, CancellationToken cancellationToken)
    {
        var orders = await input[Order].ReadAsync(OrderColumns, cancellationToken);
        var products = await input[Product].ReadAsync([.. Pair, "category"], cancellationToken);
        var waiting = WaitingOffers.Read(input);
        if (input[Order].HasHistory)
        {
            var earlier = await input[Order].LookupAsync(PairsWithOrders(input[Product], products, waiting), OrderColumns, cancellationToken);
            orders = RowBatch.Concat(orders.Schema, [orders, earlier]);
            orders = orders.Gather(Rows.Distinct([.. Key.Select(name => orders[name])]));
        }

        var found = Find(products, orders);
        if (input[Product].HasHistory)
        {
            var missing = orders.Gather(Rows.Where(orders.RowCount, row => found[row] < 0)).Select(Pair);
            var earlier = await input[Product].LookupAsync(missing.Gather(Rows.Distinct([.. missing.Columns])), [.. Pair, "category"], cancellationToken);
            products = RowBatch.Concat(products.Schema, [products, earlier]);
            found = Find(products, orders);
        }

        Column category = ProductMetadataStep.OrUnknown(products.Bytes("category"), found);
        var rows = Rows.Of(input.Target.Columns, [("category", category), .. OrderColumns.Select(name => (name, orders[name]))]);
        var unknown = orders.Gather(Rows.Where(orders.RowCount, row => found[row] < 0)).Select(Pair);
        if (waiting.AreMany) (waiting, unknown) = (WaitingOffers.None, RowBatch.Concat(unknown.Schema, [unknown, await StillWaitingAsync(input, cancellationToken)]));
        return await Upsert.ChangedAsync(input, rows, Key, cancellationToken) with { Notes = waiting.After(products.Select(Pair), unknown) };
    }

    /// <summary>Of the offers that are new or changed, those that earlier orders may be of: one that has only been added can have none but orders that wait for it.</summary>
    static RowBatch PairsWithOrders(SourceDelta source, RowBatch products, WaitingOffers waiting)
    {
        var pairs = products.Select(Pair);
        return source.OnlyAdds ? pairs.Gather(Rows.Where(pairs.RowCount, row => waiting.MayWait(pairs, row))) : pairs;
    }

    /// <summary>Offers that lines of the target wait for even now: to know them one by one again after they were too many.</summary>
    static async ValueTask<RowBatch> StillWaitingAsync(StepInput input, CancellationToken cancellationToken)
    {
        var (lines, _) = await input.LookupTargetAsync(new RowBatch([input.Target.Columns.First(column => column.Name == "category")], [Rows.Constant("unknown", 1)], 1), cancellationToken);
        var pairs = lines.Select(Pair);
        pairs = pairs.Gather(Rows.Distinct([.. pairs.Columns]));
        var offers = await input[Product].LookupAsync(pairs, Pair, cancellationToken);
        var found = Find(offers, pairs);
        return pairs.Gather(Rows.Where(pairs.RowCount, row => found[row] < 0));
    }

    static int[] Find(RowBatch products, RowBatch orders) =>
        new KeyIndex(products["product_id"], products["seller_id"]).FindAll(orders["product_id"], orders["seller_id"]);
}
