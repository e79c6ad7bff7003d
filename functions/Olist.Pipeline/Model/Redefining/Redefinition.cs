using Olist.Formats.Columns;

namespace Olist.Pipeline.Model.Redefining;

/// <summary>A dataset turned into the messages that would have gone out while it came about.</summary>
/// <remarks>
/// The dataset overwrites an order's row as it moves on; here each of its up to four timestamps is an event again (see <see cref="OrderEvents"/> for their order), and with an event go out, in this order:
/// <list type="bullet">
/// <item><c>purchase</c>: order_status; payment; order_item; for those items product, seller and geolocation of the sellers; customer and geolocation of the customer;
/// each product, seller and sellers' zip code once per order. What the dataset does not know (a product, a location) is left out.</item>
/// <item><c>approved</c>: order_status; estimated_delivery_date, when there is one.</item>
/// <item><c>delivered_carrier</c>, <c>delivered_customer</c>: order_status.</item>
/// <item>any event: after its own messages the reviews created up to its day that are not out yet; those created on later days than the last event go out at the end.</item>
/// </list>
/// An order without a purchase time has no purchase, so its items and payments never go out. The same dataset always gives the same sequence. Immutable.
/// </remarks>
public sealed class Redefinition
{
    const int OrderStatus = 0, Payment = 1, OrderItem = 2, Product = 3, Seller = 4, Geolocation = 5, Customer = 6, EstimatedDeliveryDate = 7, Review = 8;
    const long PaymentSpacingMicros = 30_000_000;

    readonly SourceTables _tables;
    readonly SourceLinks _links;
    readonly OrderEvents _events;
    readonly MessageWriter _messages;
    // The last purchase that sent a product, seller or place, by its row: what makes "once per order" cost one look.
    readonly int[] _productSentBy, _sellerSentBy, _placeSentBy;

    Redefinition(SourceTables tables)
    {
        _tables = tables;
        _links = new SourceLinks(tables);
        _events = new OrderEvents(tables.Orders);
        _messages = new MessageWriter(_events.Count * 3);
        _productSentBy = new int[tables.Products.RowCount];
        _sellerSentBy = new int[tables.Sellers.RowCount];
        _placeSentBy = new int[tables.Geolocation.RowCount];
        Send();
        Sequence = _messages.ToSequence();
        Batches = BronzeBatches.Build(tables, _events, _messages);
    }

    public static Redefinition Of(SourceTables tables) => new(tables);

    public MessageSequence Sequence { get; }

    /// <summary>Per topic, in the order of <see cref="TableCatalog.BronzeTopics"/>, its messages: the columns of its schema file, in the order in which they go out.</summary>
    public IReadOnlyList<RowBatch> Batches { get; }

    void Send()
    {
        var reviews = ReviewsInOrder();
        var created = _tables.Reviews.Longs("review_creation_date");
        var nextReview = 0;
        for (var i = 0; i < _events.Count; i++)
        {
            var time = _events.Times[i];
            _messages.Add(OrderStatus, i, time);
            if (_events.Status[i] == OrderEvents.Purchase) SendPurchase(i);
            else if (_events.Status[i] == OrderEvents.Approved && !_tables.Orders["order_estimated_delivery_date"].IsNull(_events.Orders[i]))
                _messages.Add(EstimatedDeliveryDate, _events.Orders[i], time);
            var day = LeadDays.DayNumber(time);
            while (nextReview < reviews.Length && LeadDays.DayNumber(created[reviews[nextReview]]) <= day)
                _messages.Add(Review, reviews[nextReview++], time);
        }
        foreach (var review in reviews.AsSpan(nextReview)) _messages.Add(Review, review, created[review]);
    }

    void SendPurchase(int purchase)
    {
        var (order, time) = (_events.Orders[purchase], _events.Times[purchase]);
        var payments = _links.Payments[order];
        for (var i = 0; i < payments.Length; i++)
        {
            _messages.Add(Payment, payments[i], time);
            _messages.PaymentOrders.Add(order);
            _messages.PaymentTimes.Add(time - (payments.Length - 1 - i) * PaymentSpacingMicros);
        }
        var items = _links.Items[order];
        foreach (var item in items)
        {
            _messages.Add(OrderItem, item, time);
            _messages.ItemOrders.Add(order);
        }
        foreach (var item in items) SendOnce(Product, _links.ProductOfItem[item], _productSentBy, purchase);
        foreach (var item in items) SendOnce(Seller, _links.SellerOfItem[item], _sellerSentBy, purchase);
        foreach (var item in items)
            if (_links.SellerOfItem[item] is >= 0 and var seller) SendOnce(Geolocation, _links.PlaceOfSeller[seller], _placeSentBy, purchase);
        if (_links.CustomerOfOrder[order] is var customer && customer < 0) return;
        _messages.Add(Customer, customer, time);
        if (_links.PlaceOfCustomer[customer] is >= 0 and var place) _messages.Add(Geolocation, place, time);
    }

    void SendOnce(int topic, int row, int[] sentBy, int purchase)
    {
        if (row < 0 || sentBy[row] == purchase + 1) return;
        sentBy[row] = purchase + 1;
        _messages.Add(topic, row, _events.Times[purchase]);
    }

    /// <summary>By creation time, then review id, order id and row.</summary>
    int[] ReviewsInOrder()
    {
        var (ids, orders) = (_tables.Reviews.Bytes("review_id"), _tables.Reviews.Bytes("order_id"));
        var rows = Ordering.ByText(ids);
        for (var start = 0; start < rows.Length;)
        {
            var end = start + 1;
            while (end < rows.Length && ids[rows[end]].SequenceEqual(ids[rows[start]])) end++;
            if (end - start > 1)
                rows.AsSpan(start, end - start).Sort((left, right) =>
                    orders[left].SequenceCompareTo(orders[right]) is var order and not 0 ? order : left.CompareTo(right));
            start = end;
        }
        var created = _tables.Reviews.Longs("review_creation_date");
        var times = Array.ConvertAll(rows, row => created[row]);
        return Array.ConvertAll(Ordering.ByTime(times), place => rows[place]);
    }
}
