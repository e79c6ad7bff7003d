using Olist.Formats.Columns;
using Olist.Lake;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Tables;
using Olist.Streaming;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Speed.Tables;

/// <summary><c>stream.fact_order_detail</c>: what was ordered, with the category of each product (<c>unknown</c> until the product is told).</summary>
/// <remarks>Which category a seller's product has is kept in memory, read from the topic: there are as many as products, not as orders.</remarks>
public sealed class StreamOrderDetail(LakeTables lake, IEventLog log, ISchemaRegistry registry) : StreamTable(lake, log, registry)
{
    const string Order = "customer_order", Product = "product_metadata";
    static readonly string[] OrderColumns = ["order_id", "product_id", "seller_id", "unit_price", "customer_id", "quantity"];
    static readonly string[] Pair = ["product_id", "seller_id"];

    readonly TopicDirectory<(string Product, string Seller), string> _categories = new(rows =>
    {
        var (product, seller, category) = (rows.Bytes("product_id"), rows.Bytes("seller_id"), rows.Bytes("category"));
        return row => ((product.Find(row)!, seller.Find(row)!), category.Find(row) ?? "unknown");
    });

    protected override TableSpec Target => TableCatalog.StreamOrderDetail;
    protected override IReadOnlyList<string> Topics { get; } = [Order, Product];

    private protected override async ValueTask<StepOutput> ComputeAsync(LakeTable table, TopicOffsets taken, IReadOnlyDictionary<string, TopicNews> news, CancellationToken cancellationToken)
    {
        await _categories.CatchUpAsync(ReaderOf(Product), cancellationToken);
        var orders = Latest(news[Order].Rows.Select(OrderColumns), Target.Key);
        if (table.Current is { } head && news[Product].Rows.RowCount > 0)
        {
            // Lines that are in the table already and whose product was told now; a line that comes anew counts as told now.
            var (known, _) = await table.LookupAsync(head.SnapshotId, Latest(news[Product].Rows, Pair).Select(Pair), OrderColumns, cancellationToken);
            orders = Latest(RowBatch.Concat(orders.Schema, [known, orders]), Target.Key);
        }
        var (product, seller) = (orders.Bytes("product_id"), orders.Bytes("seller_id"));
        var category = new BytesBuilder(DataType.String, orders.RowCount);
        for (var row = 0; row < orders.RowCount; row++) category.Append(_categories.Find((product.Find(row)!, seller.Find(row)!)) ?? "unknown");
        var rows = Rows.Of(table.Columns, [("category", category.Build()), .. OrderColumns.Select(name => (name, orders[name]))]);
        return await ChangedAsync(table, rows, Target.Key, cancellationToken);
    }
}
