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
        if (input[Order].HasHistory)
        {
            var earlier = await input[Order].LookupAsync(products.Select(Pair), OrderColumns, cancellationToken);
            orders = RowBatch.Concat(orders.Schema, [orders, earlier]);
            orders = orders.Gather(Rows.Distinct([.. Key.Select(name => orders[name])]));
        }

        var found = Find(products, orders);
        if (input[Product].HasHistory)
        {
            var missing = orders.Gather(Rows.Where(orders.RowCount, row => found[row] < 0)).Select(Pair);
            missing = missing.Gather(Rows.Distinct([.. missing.Columns]));
            var earlier = await input[Product].LookupAsync(missing, [.. Pair, "category"], cancellationToken);
            products = RowBatch.Concat(products.Schema, [products, earlier]);
            found = Find(products, orders);
        }

        Column category = ProductMetadataStep.OrUnknown(products.Bytes("category"), found);
        var rows = Rows.Of(input.Target.Columns, [("category", category), .. OrderColumns.Select(name => (name, orders[name]))]);
        return await Upsert.ChangedAsync(input, rows, Key, cancellationToken);
    }

    static int[] Find(RowBatch products, RowBatch orders) =>
        new KeyIndex(products["product_id"], products["seller_id"]).FindAll(orders["product_id"], orders["seller_id"]);
}
