using System.Text.Json.Serialization;

namespace Olist.Pipeline.Speed.Orders;

/// <summary>What one batch of messages tells of one order: the input of the one signal that its entity gets.</summary>
/// <remarks>Added to while the batch is read; afterwards nobody changes it.</remarks>
[JsonConverter(typeof(OrderUpdateJson))]
public sealed record OrderUpdate
{
    public OrderTimes Times { get; set; }

    /// <summary>When the latest of these messages entered the log, Unix milliseconds.</summary>
    public long ArrivedMs { get; set; }

    public IReadOnlyList<OrderItem>? Items { get; set; }

    public string? CustomerId { get; set; }
}
