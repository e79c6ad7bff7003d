using Olist.Formats.Columns;

namespace Olist.Pipeline.Model.Redefining;

/// <summary>The events that the orders went through, as they happened.</summary>
/// <remarks>Sorted by time; at one time by order id; of one order in the order of <see cref="Statuses"/>.</remarks>
sealed class OrderEvents
{
    public const int Purchase = 0, Approved = 1;

    /// <summary>Names of the events, by number.</summary>
    public static readonly string[] Statuses = ["purchase", "approved", "delivered_carrier", "delivered_customer"];

    static readonly string[] TimeColumns =
        ["order_purchase_timestamp", "order_approved_at", "order_delivered_carrier_date", "order_delivered_customer_date"];

    public OrderEvents(RowBatch orders)
    {
        var times = TimeColumns.Select(orders.Longs).ToArray();
        var rows = new List<int>(orders.RowCount * Statuses.Length);
        var statuses = new List<byte>(rows.Capacity);
        var instants = new List<long>(rows.Capacity);
        foreach (var order in Ordering.ByText(orders.Bytes("order_id")))
            for (byte status = 0; status < Statuses.Length; status++)
            {
                if (times[status].IsNull(order)) continue;
                rows.Add(order);
                statuses.Add(status);
                instants.Add(times[status][order]);
            }
        var inTime = Ordering.ByTime(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(instants));
        Orders = Array.ConvertAll(inTime, place => rows[place]);
        Status = Array.ConvertAll(inTime, place => statuses[place]);
        Times = Array.ConvertAll(inTime, place => instants[place]);
    }

    public int Count => Times.Length;

    /// <summary>Row of the order.</summary>
    public int[] Orders { get; }

    /// <summary>Place in <see cref="Statuses"/>.</summary>
    public byte[] Status { get; }

    /// <summary>Microseconds since 1970.</summary>
    public long[] Times { get; }
}
