using Olist.Formats.Columns;
using Olist.Pipeline.Speed.Orders;

namespace Olist.Pipeline.Speed.Topics;

/// <summary>A message of the topic <c>customer_order</c>: one line of an order, with its customer.</summary>
public sealed record CustomerOrderLine(string OrderId, OrderLine Line, string? CustomerId);

/// <summary>From <see cref="CustomerOrderLine"/> to rows of <c>customer_order</c>.</summary>
static class LineRows
{
    public static void Append(RowBatchBuilder rows, CustomerOrderLine line)
    {
        rows.Bytes(0).Append(line.OrderId);
        rows.Bytes(1).Append(line.Line.ProductId);
        rows.Bytes(2).Append(line.Line.SellerId);
        rows.Longs(3).Append(line.Line.PriceCents);
        if (line.CustomerId is { } customer) rows.Bytes(4).Append(customer);
        else rows.Bytes(4).AppendNull();
        rows.Longs(5).Append(line.Line.Quantity);
    }
}

/// <summary>From <see cref="Products.ProductOffer"/> to rows of <c>product_metadata</c>.</summary>
static class OfferRows
{
    public static void Append(RowBatchBuilder rows, Products.ProductOffer offer)
    {
        rows.Bytes(0).Append(offer.ProductId);
        rows.Bytes(1).Append(offer.SellerId);
        rows.Bytes(2).Append(offer.Category);
    }
}
