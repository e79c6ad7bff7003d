using Olist.Formats.Columns;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Silver;

namespace Olist.Pipeline.Speed.Topics;

/// <summary>What a bronze row is in silver, where it is one row there: the same rules as the batch layer's steps of those tables, without their history.</summary>
static class SilverShapes
{
    /// <summary>The silver topics that are made row by row.</summary>
    public static IReadOnlyList<string> Targets { get; } = ["order_event", "olist_user", "geo_coord", "review_metadata"];

    /// <summary>Silver rows of bronze rows of a topic, and for each the bronze row that it comes from.</summary>
    /// <exception cref="ArgumentException">Messages of the topic do not become silver messages one by one.</exception>
    public static (string Target, RowBatch Rows, int[] Sources) Of(string topic, RowBatch bronze) => topic switch
    {
        "order_status" => Events(bronze, OrderEventStep.Kinds(bronze.Bytes("status")), "timestamp"),
        "estimated_delivery_date" => Events(bronze, Rows.Constant("estimated_delivery", bronze.RowCount), "estimated_delivery_date"),
        "order_item" => Events(bronze, Rows.Constant("shipping_limit", bronze.RowCount), "shipping_limit_date"),
        "customer" or "seller" => Shape("olist_user", bronze, All(bronze),
            ("user_type", Rows.Constant(topic, bronze.RowCount)), ("user_id", bronze.Columns[0]), ("zip_code", bronze["zip_code"])),
        "geolocation" => Shape("geo_coord", bronze, InBrazil(bronze), ("zip_code", bronze["zip_code"]), ("lat", bronze["lat"]), ("lng", bronze["lng"])),
        "review" => Shape("review_metadata", bronze, With(bronze, bronze["order_id"]),
            [.. TableCatalog.ReviewMetadata.Columns.Select(column => (column.Name, bronze[column.Name]))]),
        _ => throw new ArgumentException($"Messages of {topic} do not become silver messages one by one.", nameof(topic)),
    };

    static (string, RowBatch, int[]) Events(RowBatch bronze, BytesColumn kinds, string time) =>
        Shape("order_event", bronze, With(bronze, kinds, bronze[time]), ("order_id", bronze["order_id"]), ("data_type", kinds), ("timestamp", bronze[time]));

    static (string, RowBatch, int[]) Shape(string target, RowBatch bronze, int[] kept, params (string Name, Column Values)[] columns)
    {
        var rows = Rows.Of(TableCatalog.FindTopic(target)!.Columns, columns);
        return (target, kept.Length == bronze.RowCount ? rows : rows.Gather(kept), kept);
    }

    static int[] All(RowBatch rows) => [.. Enumerable.Range(0, rows.RowCount)];

    static int[] With(RowBatch rows, params Column[] needed)
    {
        var nullable = Array.FindAll(needed, column => column.Validity is not null);
        return nullable.Length == 0 ? All(rows) : Rows.Where(rows.RowCount, row =>
        {
            foreach (var column in nullable)
                if (column.IsNull(row)) return false;
            return true;
        });
    }

    static int[] InBrazil(RowBatch places)
    {
        var (lat, lng) = (places.Doubles("lat"), places.Doubles("lng"));
        return Rows.Where(places.RowCount, row => !lat.IsNull(row) && !lng.IsNull(row) && BrazilBounds.Contains(lat[row], lng[row]));
    }
}
