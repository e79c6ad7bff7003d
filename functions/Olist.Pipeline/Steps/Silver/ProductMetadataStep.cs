using Olist.Formats.Columns;
using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Steps.Silver;

/// <summary><c>silver.product_metadata</c>: which seller offers which product, and the product's category (<c>unknown</c> when it has none).</summary>
public sealed class ProductMetadataStep : BatchStep
{
    const string Product = "bronze.product", Item = "bronze.order_item";
    static readonly string[] Key = ["product_id", "seller_id"];
    static readonly string[] Categories = ["product_id", "category", "_offset"];

    public override string Target => "silver.product_metadata";
    public override IReadOnlyList<string> Sources => [Product, Item];

    protected override async ValueTask<StepOutput> ComputeAsync(StepInput input, CancellationToken cancellationToken)
    {
        var products = Latest(await input[Product].ReadAsync(Categories, cancellationToken));
        var items = await input[Item].ReadAsync(Key, cancellationToken);
        var (existing, positions) = await input.LookupTargetAsync(
            Rows.DistinctKeys("product_id", products["product_id"], items["product_id"]), cancellationToken);

        var offers = RowBatch.Concat(items.Schema,
        [
            items,
            existing.Select(Key),
            await EarlierOffersAsync(input[Item], products, existing, cancellationToken),
        ]);
        offers = Rows.WithAll(offers, Key);
        offers = offers.Gather(Rows.Distinct([.. offers.Columns]));

        var known = await WithEarlierProductsAsync(input[Product], products, offers, cancellationToken);
        var found = new KeyIndex(known["product_id"]).FindAll(offers["product_id"]);
        // An offer whose product has not been announced waits: the product's own message brings it in.
        var announced = Rows.Where(offers.RowCount, row => found[row] >= 0);
        var rows = Rows.Of(input.Target.Columns,
            ("product_id", offers["product_id"].Gather(announced)),
            ("seller_id", offers["seller_id"].Gather(announced)),
            ("category", OrUnknown(known.Bytes("category"), [.. announced.Select(row => found[row])])));
        return Upsert.Changed(rows, existing, positions, Key);
    }

    /// <summary>Offers that came before their product did; only products that the target has never seen can have any.</summary>
    static async ValueTask<RowBatch> EarlierOffersAsync(SourceDelta items, RowBatch products, RowBatch existing, CancellationToken cancellationToken)
    {
        var seen = existing.RowCount == 0 ? null : new KeyIndex(existing["product_id"]);
        var ids = products["product_id"];
        var fresh = items.HasHistory ? Rows.Where(products.RowCount, row => seen is null || seen.Find([ids], row) < 0) : [];
        return await items.LookupAsync(Rows.DistinctKeys("product_id", ids.Gather(fresh)), Key, cancellationToken);
    }

    static async ValueTask<RowBatch> WithEarlierProductsAsync(SourceDelta source, RowBatch products, RowBatch offers, CancellationToken cancellationToken)
    {
        if (!source.HasHistory) return products;
        var found = new KeyIndex(products["product_id"]).FindAll(offers["product_id"]);
        var missing = offers["product_id"].Gather(Rows.Where(offers.RowCount, row => found[row] < 0));
        var earlier = Latest(await source.LookupAsync(Rows.DistinctKeys("product_id", missing), Categories, cancellationToken));
        return RowBatch.Concat(products.Schema, [products, earlier]);
    }

    static RowBatch Latest(RowBatch products) => products.Gather(Rows.Latest(products.Longs("_offset"), products["product_id"]));

    internal static BytesColumn OrUnknown(BytesColumn categories, ReadOnlySpan<int> rows)
    {
        var named = new BytesBuilder(DataType.String, rows.Length, rows.Length * 16);
        foreach (var row in rows) named.Append(row < 0 || categories.IsNull(row) ? "unknown"u8 : categories[row]);
        return (BytesColumn)named.Build();
    }
}
