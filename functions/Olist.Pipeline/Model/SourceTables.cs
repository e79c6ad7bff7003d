using Olist.Formats.Columns;

namespace Olist.Pipeline.Model;

/// <summary>The dataset in memory: one row per order, item, ... as it finally was. Columns have the names of the CSV files; those that nothing uses are not there.</summary>
/// <remarks>Immutable. Ids of orders, customers, sellers and products are distinct. Times are microseconds since 1970 UTC, money hundredths.</remarks>
public sealed record SourceTables
{
    /// <summary>order_id, customer_id, the four timestamps of its states and order_estimated_delivery_date (each may be null).</summary>
    public required RowBatch Orders { get; init; }

    /// <summary>order_id, order_item_id, product_id, seller_id, shipping_limit_date, price, freight_value.</summary>
    public required RowBatch OrderItems { get; init; }

    /// <summary>order_id, payment_sequential, payment_type, payment_installments, payment_value.</summary>
    public required RowBatch Payments { get; init; }

    /// <summary>review_id, order_id, review_score, review_comment_title, review_comment_message, review_creation_date, review_answer_timestamp.</summary>
    public required RowBatch Reviews { get; init; }

    /// <summary>customer_id, customer_zip_code_prefix.</summary>
    public required RowBatch Customers { get; init; }

    /// <summary>seller_id, seller_zip_code_prefix.</summary>
    public required RowBatch Sellers { get; init; }

    /// <summary>product_id, category (English, or null), product_weight_g, product_length_cm, product_height_cm, product_width_cm.</summary>
    public required RowBatch Products { get; init; }

    /// <summary>One row per zip code, in order of the zip code: zip_code, lat, lng (means), state, city (most frequent).</summary>
    public required RowBatch Geolocation { get; init; }
}
