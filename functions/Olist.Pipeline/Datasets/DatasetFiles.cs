using static Olist.Pipeline.Datasets.FieldKind;

namespace Olist.Pipeline.Datasets;

/// <summary>The nine files of the public dataset, spelling mistakes in their headers included.</summary>
/// <remarks>Sources have gaps: an empty field is a null wherever the pipeline can do without it. Required is what makes a key of a table (ids, the price of an item),
/// what orders messages (payment_sequential, review_creation_date) and what a location is made of.</remarks>
public static class DatasetFiles
{
    public static CsvFile Orders { get; } = new("olist_orders_dataset.csv", true,
        Key("order_id"), Required("customer_id", Text), Required("order_status", OrderStatus),
        Optional("order_purchase_timestamp", Timestamp), Optional("order_approved_at", Timestamp), Optional("order_delivered_carrier_date", Timestamp),
        Optional("order_delivered_customer_date", Timestamp), Optional("order_estimated_delivery_date", Timestamp));

    public static CsvFile OrderItems { get; } = new("olist_order_items_dataset.csv", false,
        Key("order_id"), Optional("order_item_id", Int), Required("product_id", Text), Required("seller_id", Text),
        Optional("shipping_limit_date", Timestamp), Required("price", Money), Optional("freight_value", Money));

    public static CsvFile Payments { get; } = new("olist_order_payments_dataset.csv", false,
        Key("order_id"), Required("payment_sequential", Int), Optional("payment_type", Text), Optional("payment_installments", Int), Optional("payment_value", Money));

    public static CsvFile Reviews { get; } = new("olist_order_reviews_dataset.csv", false,
        Key("review_id"), Required("order_id", Text), Optional("review_score", Int), Optional("review_comment_title", Text),
        Optional("review_comment_message", Text), Required("review_creation_date", Timestamp), Optional("review_answer_timestamp", Timestamp));

    public static CsvFile Customers { get; } = new("olist_customers_dataset.csv", true,
        Key("customer_id"), Ignored("customer_unique_id"), Optional("customer_zip_code_prefix", Int), Ignored("customer_city"), Ignored("customer_state"));

    public static CsvFile Sellers { get; } = new("olist_sellers_dataset.csv", true,
        Key("seller_id"), Optional("seller_zip_code_prefix", Int), Ignored("seller_city"), Ignored("seller_state"));

    public static CsvFile Products { get; } = new("olist_products_dataset.csv", true,
        Key("product_id"), Optional("product_category_name", Text), Ignored("product_name_lenght"), Ignored("product_description_lenght"), Ignored("product_photos_qty"),
        Optional("product_weight_g", Int), Optional("product_length_cm", Int), Optional("product_height_cm", Int), Optional("product_width_cm", Int));

    public static CsvFile Geolocation { get; } = new("olist_geolocation_dataset.csv", false,
        Required("geolocation_zip_code_prefix", Int), Required("geolocation_lat", FieldKind.Double), Required("geolocation_lng", FieldKind.Double),
        Required("geolocation_city", Text), Required("geolocation_state", Text));

    public static CsvFile CategoryTranslation { get; } = new("product_category_name_translation.csv", true,
        Key("product_category_name"), Required("product_category_name_english", Text));

    /// <summary>The largest first, so that work shared among cores ends together.</summary>
    public static IReadOnlyList<CsvFile> All { get; } =
        [Geolocation, Orders, OrderItems, Reviews, Customers, Payments, Products, Sellers, CategoryTranslation];

    static CsvColumn Key(string header) => new(header, Text, true);
    static CsvColumn Required(string header, FieldKind kind) => new(header, kind, true);
    static CsvColumn Optional(string header, FieldKind kind) => new(header, kind, false);
    static CsvColumn Ignored(string header) => new(header, Unused, false);
}
