using Olist.Formats.Columns;

namespace Olist.Pipeline.Model.Redefining;

/// <summary>Which rows of the dataset belong together. A row that is not there is -1.</summary>
sealed class SourceLinks
{
    public SourceLinks(SourceTables tables)
    {
        var orders = new KeyIndex(tables.Orders["order_id"]);
        Items = new RowGroups(orders.FindAll(tables.OrderItems["order_id"]), tables.OrderItems.Ints("order_item_id").Span, tables.Orders.RowCount);
        Payments = new RowGroups(orders.FindAll(tables.Payments["order_id"]), tables.Payments.Ints("payment_sequential").Span, tables.Orders.RowCount);
        ProductOfItem = new KeyIndex(tables.Products["product_id"]).FindAll(tables.OrderItems["product_id"]);
        SellerOfItem = new KeyIndex(tables.Sellers["seller_id"]).FindAll(tables.OrderItems["seller_id"]);
        CustomerOfOrder = new KeyIndex(tables.Customers["customer_id"]).FindAll(tables.Orders["customer_id"]);
        var places = new KeyIndex(tables.Geolocation["zip_code"]);
        PlaceOfSeller = places.FindAll(tables.Sellers["seller_zip_code_prefix"]);
        PlaceOfCustomer = places.FindAll(tables.Customers["customer_zip_code_prefix"]);
    }

    /// <summary>Items of an order by order_item_id.</summary>
    public RowGroups Items { get; }

    /// <summary>Payments of an order by payment_sequential.</summary>
    public RowGroups Payments { get; }

    public int[] ProductOfItem { get; }
    public int[] SellerOfItem { get; }
    public int[] CustomerOfOrder { get; }
    public int[] PlaceOfSeller { get; }
    public int[] PlaceOfCustomer { get; }
}
