using System.Text.Json.Serialization;

namespace Olist.Pipeline.Speed.Orders;

/// <summary>What one batch of messages tells of one order: the input of the one signal that its entity gets.</summary>
public sealed record OrderUpdate
{
    [JsonPropertyName("t")] public OrderTimes Times { get; init; }

    /// <summary>When the latest of these messages entered the log, Unix milliseconds.</summary>
    [JsonPropertyName("m")] public long ArrivedMs { get; init; }

    [JsonPropertyName("i"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<OrderItem>? Items { get; init; }

    [JsonPropertyName("u"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CustomerId { get; init; }
}
