using Olist.Pipeline.Speed.Topics;
using Olist.Pipeline.Steps.Topics;
using Olist.Streaming;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Speed.Products;

/// <summary>Groups a batch of messages by product: each product gets one update.</summary>
/// <remarks>Safe for many threads.</remarks>
public sealed class ProductUpdates(ISchemaRegistry registry)
{
    readonly TopicDecoders _bronze = new(registry);

    /// <summary>Of records of the bronze topic <c>product</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, ProductUpdate>> OfProducts(IReadOnlyList<ConsumedRecord> records) =>
        BatchGroups.Fold<ProductUpdate>(_bronze.For("product"), records, rows =>
        {
            var category = rows.Bytes("category");
            return (update, row, in record) =>
            {
                if (record.Offset > update.Offset) (update.Announced, update.Category, update.Offset) = (true, category.Find(row), record.Offset);
            };
        });

    /// <summary>Of records of the bronze topic <c>order_item</c>: who sells what.</summary>
    public IReadOnlyList<KeyValuePair<string, ProductUpdate>> OfItems(IReadOnlyList<ConsumedRecord> records)
    {
        var orders = BatchGroups.Fold<List<(string Product, string Seller)>>(_bronze.For("order_item"), records, rows =>
        {
            var (product, seller) = (rows.Bytes("product_id"), rows.Bytes("seller_id"));
            return (offers, row, in _) =>
            {
                if (!product.IsNull(row) && !seller.IsNull(row)) offers.Add((product.Find(row)!, seller.Find(row)!));
            };
        });
        return [.. orders.SelectMany(order => order.Value).GroupBy(offer => offer.Product).Select(product =>
            KeyValuePair.Create(product.Key, new ProductUpdate { Sellers = [.. product.Select(offer => offer.Seller).Distinct()] }))];
    }
}
