using Olist.Formats.Columns;
using Olist.Pipeline.Speed.Orders;

namespace Olist.Pipeline.Speed.Topics;

/// <summary>Between <see cref="DeliveryStatus"/> and rows of the topic's schema.</summary>
public static class StatusRows
{
    /// <summary>From the UTF-8 bytes of an id to its text.</summary>
    public delegate string IdOf(ReadOnlySpan<byte> utf8);

    public static void Append(RowBatchBuilder rows, DeliveryStatus status)
    {
        rows.Bytes(0).Append(status.OrderId);
        rows.Longs(1).Append(status.Version);
        rows.Longs(2).Append(status.ArrivedMs * 1000);
        Append(rows.Longs(3), status.Times.Purchase);
        Append(rows.Longs(4), status.Times.Approve);
        Append(rows.Longs(5), status.Times.DeliveredCarrier);
        Append(rows.Longs(6), status.Times.DeliveredCustomer);
        Append(rows.Longs(7), status.Times.ShippingLimit);
        Append(rows.Longs(8), status.Times.EstimatedDelivery);
        ((ValueBuilder<byte>)rows.Columns[9]).Append(status.Late.Carrier ? (byte)1 : (byte)0);
        ((ValueBuilder<byte>)rows.Columns[10]).Append(status.Late.Customer ? (byte)1 : (byte)0);
        if (status.CustomerId is { } customer) rows.Bytes(11).Append(customer);
        else rows.Bytes(11).AppendNull();
        if (status.ProductIds.Count > 0) rows.Bytes(12).Append(string.Join(' ', status.ProductIds));
        else rows.Bytes(12).AppendNull();
        rows.Longs(13).Append(status.Pieces);
        rows.Longs(14).Append(status.AmountCents);
    }

    /// <summary>A reader of many rows; columns are found once.</summary>
    /// <param name="offsets">Of the record of each row.</param>
    /// <param name="idOf">The text of an order's id, from its bytes: for a caller that has most of them already.</param>
    public static Func<int, DeliveryStatus> Reader(RowBatch rows, IReadOnlyList<long> offsets, IdOf? idOf = null)
    {
        var (order, customer, products) = (rows.Bytes("order_id"), rows.Bytes("customer_id"), rows.Bytes("product_ids"));
        var (version, arrived, pieces, amount) = (rows.Longs("version"), rows.Longs("arrived"), rows.Longs("pieces"), rows.Longs("amount"));
        var times = Times(rows);
        var (lateCarrier, lateCustomer) = ((ValueColumn<byte>)rows["late_carrier"], (ValueColumn<byte>)rows["late_customer"]);
        return row => new DeliveryStatus(
            idOf is null ? order.Find(row)! : idOf(order[row]), version.Find(row) ?? 0, (arrived.Find(row) ?? 0) / 1000, times(row),
            new Lateness(lateCarrier.Find(row) == 1, lateCustomer.Find(row) == 1),
            customer.Find(row), products.Find(row)?.Split(' ') ?? [], pieces.Find(row) ?? 0, amount.Find(row) ?? 0, offsets[row]);
    }

    /// <summary>The six instants of rows that have columns of their names, such as those of <c>gold.fact_order_lead_days</c>.</summary>
    public static Func<int, OrderTimes> Times(RowBatch rows)
    {
        var (purchase, approve, carrier, delivered) = (rows.Longs("purchase"), rows.Longs("approve"), rows.Longs("delivered_carrier"), rows.Longs("delivered_customer"));
        var (limit, estimated) = (rows.Longs("shipping_limit"), rows.Longs("estimated_delivery"));
        return row => new OrderTimes
        {
            Purchase = purchase.Find(row),
            Approve = approve.Find(row),
            DeliveredCarrier = carrier.Find(row),
            DeliveredCustomer = delivered.Find(row),
            ShippingLimit = limit.Find(row),
            EstimatedDelivery = estimated.Find(row),
        };
    }

    static void Append(ValueBuilder<long> column, long? value)
    {
        if (value is { } known) column.Append(known);
        else column.AppendNull();
    }
}
