using System.Text.Json.Serialization;

namespace Olist.Pipeline.Speed.Orders;

/// <summary>The latest instant of each kind that is known of an order: microseconds since 1970 UTC, <see langword="null"/> while unknown.</summary>
/// <remarks>Merging takes the later instant of each kind, so events may come in any order, in any pieces and any number of times: the end is the same,
/// and the same as <c>gold.fact_order_lead_days</c>, which is computed by this rule.</remarks>
public readonly record struct OrderTimes
{
    [JsonPropertyName("p")] public long? Purchase { get; init; }
    [JsonPropertyName("a")] public long? Approve { get; init; }
    [JsonPropertyName("c")] public long? DeliveredCarrier { get; init; }
    [JsonPropertyName("d")] public long? DeliveredCustomer { get; init; }
    [JsonPropertyName("s")] public long? ShippingLimit { get; init; }
    [JsonPropertyName("e")] public long? EstimatedDelivery { get; init; }

    /// <summary>The latest thing that has happened (promises do not happen).</summary>
    [JsonIgnore]
    public long? LastHappened => Later(Later(Purchase, Approve), Later(DeliveredCarrier, DeliveredCustomer));

    public OrderTimes With(OrderEventKind kind, long micros) => kind switch
    {
        OrderEventKind.Purchase => this with { Purchase = Later(Purchase, micros) },
        OrderEventKind.Approve => this with { Approve = Later(Approve, micros) },
        OrderEventKind.DeliveredCarrier => this with { DeliveredCarrier = Later(DeliveredCarrier, micros) },
        OrderEventKind.DeliveredCustomer => this with { DeliveredCustomer = Later(DeliveredCustomer, micros) },
        OrderEventKind.ShippingLimit => this with { ShippingLimit = Later(ShippingLimit, micros) },
        OrderEventKind.EstimatedDelivery => this with { EstimatedDelivery = Later(EstimatedDelivery, micros) },
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public OrderTimes Merge(in OrderTimes other) => new()
    {
        Purchase = Later(Purchase, other.Purchase),
        Approve = Later(Approve, other.Approve),
        DeliveredCarrier = Later(DeliveredCarrier, other.DeliveredCarrier),
        DeliveredCustomer = Later(DeliveredCustomer, other.DeliveredCustomer),
        ShippingLimit = Later(ShippingLimit, other.ShippingLimit),
        EstimatedDelivery = Later(EstimatedDelivery, other.EstimatedDelivery),
    };

    static long? Later(long? left, long? right) => left is { } a && right is { } b ? Math.Max(a, b) : left ?? right;
}
