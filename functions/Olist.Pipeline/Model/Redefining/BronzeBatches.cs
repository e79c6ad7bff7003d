using Olist.Formats.Columns;

namespace Olist.Pipeline.Model.Redefining;

/// <summary>Makes the batches of the nine topics out of the rows of the dataset that their messages are made of.</summary>
static class BronzeBatches
{
    public static IReadOnlyList<RowBatch> Build(SourceTables tables, OrderEvents events, MessageWriter messages)
    {
        var topics = TableCatalog.BronzeTopics;
        var batches = new RowBatch[topics.Count];
        Parallel.For(0, topics.Count, topic =>
        {
            var rows = messages.SourcesOf(topic);
            Column[] columns = topics[topic].Name switch
            {
                "order_status" =>
                [
                    Coded(tables.Orders, "order_id", Array.ConvertAll(rows, row => events.Orders[row])),
                    new BytesColumn(BytesColumn.Of(OrderEvents.Statuses), Array.ConvertAll(rows, row => (int)events.Status[row]), rows.Length),
                    Times(Array.ConvertAll(rows, row => events.Times[row])),
                ],
                "payment" => Payments(tables, messages, rows),
                "order_item" =>
                [
                    Coded(tables.Orders, "order_id", [.. messages.ItemOrders]),
                    .. Gather(tables.OrderItems, rows, "order_item_id", "shipping_limit_date", "price", "freight_value", "product_id", "seller_id"),
                ],
                "product" =>
                [
                    Coded(tables.Products, "product_id", rows),
                    .. Gather(tables.Products, rows, "category", "product_weight_g", "product_length_cm", "product_height_cm", "product_width_cm"),
                ],
                "seller" => [Coded(tables.Sellers, "seller_id", rows), .. Gather(tables.Sellers, rows, "seller_zip_code_prefix")],
                "customer" => [Coded(tables.Customers, "customer_id", rows), .. Gather(tables.Customers, rows, "customer_zip_code_prefix")],
                "geolocation" => Gather(tables.Geolocation, rows, "zip_code", "lat", "lng", "state", "city"),
                "estimated_delivery_date" => [Coded(tables.Orders, "order_id", rows), .. Gather(tables.Orders, rows, "order_estimated_delivery_date")],
                _ => Gather(tables.Reviews, rows, "review_id", "order_id", "review_creation_date", "review_answer_timestamp",
                    "review_score", "review_comment_title", "review_comment_message"),
            };
            batches[topic] = new RowBatch(topics[topic].Columns, columns, rows.Length);
        });
        return batches;
    }

    static Column[] Payments(SourceTables tables, MessageWriter messages, int[] rows)
    {
        var own = Gather(tables.Payments, rows, "payment_sequential", "payment_value", "payment_type", "payment_installments");
        int[] orders = [.. messages.PaymentOrders];
        return
        [
            Coded(tables.Orders, "order_id", orders), own[0], Times([.. messages.PaymentTimes]), own[1], own[2], own[3],
            tables.Orders["customer_id"].Gather(orders),
        ];
    }

    static Column[] Gather(RowBatch source, int[] rows, params string[] names) => [.. names.Select(name => source[name].Gather(rows))];

    /// <summary>Rows of a column of distinct texts, without copying them.</summary>
    static BytesColumn Coded(RowBatch source, string name, int[] rows) => new(source.Bytes(name), rows, rows.Length);

    static ValueColumn<long> Times(long[] times) => new(DataType.TimestampTz, times, times.Length);
}
