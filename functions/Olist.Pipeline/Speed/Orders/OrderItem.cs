using System.Text.Json.Serialization;

namespace Olist.Pipeline.Speed.Orders;

/// <summary>One piece in an order.</summary>
/// <param name="Id">Its number in the order (<c>order_item_id</c>): a piece that is told again is the same piece.</param>
/// <param name="PriceCents">Price in hundredths of a real.</param>
public sealed record OrderItem(
    [property: JsonPropertyName("i")] int Id,
    [property: JsonPropertyName("p")] string ProductId,
    [property: JsonPropertyName("s")] string SellerId,
    [property: JsonPropertyName("c")] long PriceCents);
