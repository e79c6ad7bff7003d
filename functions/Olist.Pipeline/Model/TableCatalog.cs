using Olist.Pipeline.Model.Redefining;

namespace Olist.Pipeline.Model;

/// <summary>Every table and topic of the system.</summary>
public static class TableCatalog
{
    /// <summary>About a hundred thousand rows.</summary>
    const long Small = 8 << 20;

    /// <summary>So that a month is some row groups of its own.</summary>
    const long PartOfMonth = 1 << 20;

    static readonly string[] Arrival = [];

    public static TableSpec OrderStatus { get; } = Bronze("order_status", "order_id");
    public static TableSpec Payment { get; } = Bronze("payment", "order_id", ["order_id"]);
    public static TableSpec OrderItem { get; } = Bronze("order_item", "order_id", ["product_id"]);
    public static TableSpec Product { get; } = Bronze("product", "product_id", ["product_id"]);
    public static TableSpec Seller { get; } = Bronze("seller", "seller_id");
    public static TableSpec Customer { get; } = Bronze("customer", "customer_id");
    public static TableSpec Geolocation { get; } = Bronze("geolocation", "zip_code");
    public static TableSpec EstimatedDeliveryDate { get; } = Bronze("estimated_delivery_date", "order_id");
    public static TableSpec Review { get; } = Bronze("review", "review_id");

    public static TableSpec OrderEvent { get; } = Silver("order_event", ["order_id", "data_type", "timestamp"], ["timestamp"], ["order_id"]);
    public static TableSpec CustomerOrder { get; } = Silver("customer_order", ["order_id", "product_id", "seller_id", "unit_price"], Arrival, ["order_id", "product_id"]);
    public static TableSpec ProductMetadata { get; } = Silver("product_metadata", ["product_id", "seller_id"], null, ["product_id"]);
    public static TableSpec OlistUser { get; } = Silver("olist_user", ["user_type", "user_id"], null, ["user_id", "zip_code"]);
    public static TableSpec GeoCoord { get; } = Silver("geo_coord", ["zip_code"], null, ["zip_code"]);
    public static TableSpec ReviewMetadata { get; } = Silver("review_metadata", ["review_id", "order_id"], ["review_creation_date"], ["review_id", "order_id"]);
    public static TableSpec ReviewCleanComment { get; } = Silver("review_clean_comment", ["review_id", "order_id", "column"], Arrival, ["review_id", "order_id"], isTopic: false);
    public static TableSpec Watermark { get; } = Silver("watermark", ["app", "source_table"], null, [], isTopic: false);

    public static TableSpec FactOrderLeadDays { get; } = Gold("fact_order_lead_days", ["order_id"], ["purchase"], ["order_id"]);
    public static TableSpec FactOrderDetail { get; } = Gold("fact_order_detail", ["order_id", "product_id", "seller_id", "unit_price"], Arrival, ["order_id"]);
    public static TableSpec DimUserLocation { get; } = Gold("dim_user_location", ["user_type", "user_id"], null, ["user_id"]);
    public static TableSpec FactReviewAnswerLeadDays { get; } = Gold("fact_review_answer_lead_days", ["review_id", "order_id"], ["review_creation_date"], ["review_id", "order_id"]);
    public static TableSpec FactMonthlySalesByProduct { get; } = Gold("fact_monthly_sales_by_product", ["product_id", "sales_period"], ["sales_period", "product_id"], [], PartOfMonth);

    public static TableSpec StreamOrderLeadDays { get; } = StreamOf(FactOrderLeadDays);
    public static TableSpec StreamOrderDetail { get; } = StreamOf(FactOrderDetail);
    public static TableSpec StreamUserLocation { get; } = StreamOf(DimUserLocation);

    /// <summary>All of them, layer by layer.</summary>
    public static IReadOnlyList<TableSpec> All { get; } =
    [
        OrderStatus, Payment, OrderItem, Product, Seller, Customer, Geolocation, EstimatedDeliveryDate, Review,
        OrderEvent, CustomerOrder, ProductMetadata, OlistUser, GeoCoord, ReviewMetadata, ReviewCleanComment, Watermark,
        FactOrderLeadDays, FactOrderDetail, DimUserLocation, FactReviewAnswerLeadDays, FactMonthlySalesByProduct,
        StreamOrderLeadDays, StreamOrderDetail, StreamUserLocation,
    ];

    /// <summary>The nine bronze topics, in the order in which one event's messages go out; their places here are the codes of <see cref="MessageSequence.Topics"/>.</summary>
    public static IReadOnlyList<TableSpec> BronzeTopics { get; } =
        [OrderStatus, Payment, OrderItem, Product, Seller, Geolocation, Customer, EstimatedDeliveryDate, Review];

    /// <summary>The six silver topics.</summary>
    public static IReadOnlyList<TableSpec> SilverTopics { get; } =
        [OrderEvent, CustomerOrder, ProductMetadata, OlistUser, GeoCoord, ReviewMetadata];

    static readonly Dictionary<string, TableSpec> ByFullName = All.ToDictionary(table => table.FullName, StringComparer.Ordinal);

    /// <summary>The table called <c>layer.name</c>, or <see langword="null"/>.</summary>
    public static TableSpec? Find(string fullName) => ByFullName.GetValueOrDefault(fullName);

    /// <summary>The topic of that name, or <see langword="null"/>.</summary>
    public static TableSpec? FindTopic(string name) =>
        ByFullName.GetValueOrDefault("bronze." + name) ?? (ByFullName.GetValueOrDefault("silver." + name) is { IsTopic: true } silver ? silver : null);

    static TableSpec Bronze(string name, string key, string[]? lookedUpBy = null) => new(Layer.Bronze, name, [key], Arrival, lookedUpBy, isTopic: true);

    static TableSpec Silver(string name, string[] key, string[]? order, string[] lookedUpBy, bool isTopic = true) => new(Layer.Silver, name, key, order, lookedUpBy, Small, isTopic: isTopic);

    static TableSpec Gold(string name, string[] key, string[]? order, string[] lookedUpBy, long rowGroupBytes = Small) => new(Layer.Gold, name, key, order, lookedUpBy, rowGroupBytes);

    static TableSpec StreamOf(TableSpec gold) => new(Layer.Stream, gold.Name, gold.Key, gold.SortOrder, gold.LookupColumns, gold.RowGroupBytes, Layer.Gold);
}
