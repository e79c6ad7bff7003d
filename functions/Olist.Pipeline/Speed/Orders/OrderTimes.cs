using System.Text.Json.Serialization;

namespace Olist.Pipeline.Speed.Orders;

/// <summary>The latest instant of each kind that is known of an order: microseconds since 1970 UTC, <see langword="null"/> while unknown.</summary>
/// <remarks>Merging takes the later instant of each kind, so events may come in any order, in any pieces and any number of times: the end is the same,
/// and the same as <c>gold.fact_order_lead_days</c>, which is computed by this rule.</remarks>
public readonly record struct OrderTimes
{
    // Kept as the distance from the earliest instant there is (which is none): 0 is unknown, and the later of two is the larger. There are millions, and nullables take twice as much.
    readonly ulong _purchase, _approve, _deliveredCarrier, _deliveredCustomer, _shippingLimit, _estimatedDelivery;

    [JsonPropertyName("p")] public long? Purchase { get => Instant(_purchase); init => _purchase = Kept(value); }
    [JsonPropertyName("a")] public long? Approve { get => Instant(_approve); init => _approve = Kept(value); }
    [JsonPropertyName("c")] public long? DeliveredCarrier { get => Instant(_deliveredCarrier); init => _deliveredCarrier = Kept(value); }
    [JsonPropertyName("d")] public long? DeliveredCustomer { get => Instant(_deliveredCustomer); init => _deliveredCustomer = Kept(value); }
    [JsonPropertyName("s")] public long? ShippingLimit { get => Instant(_shippingLimit); init => _shippingLimit = Kept(value); }
    [JsonPropertyName("e")] public long? EstimatedDelivery { get => Instant(_estimatedDelivery); init => _estimatedDelivery = Kept(value); }

    /// <summary>The latest thing that has happened (promises do not happen).</summary>
    [JsonIgnore]
    public long? LastHappened => Instant(Math.Max(Math.Max(_purchase, _approve), Math.Max(_deliveredCarrier, _deliveredCustomer)));

    public OrderTimes With(OrderEventKind kind, long micros) => Merge(kind switch
    {
        OrderEventKind.Purchase => new OrderTimes { Purchase = micros },
        OrderEventKind.Approve => new OrderTimes { Approve = micros },
        OrderEventKind.DeliveredCarrier => new OrderTimes { DeliveredCarrier = micros },
        OrderEventKind.DeliveredCustomer => new OrderTimes { DeliveredCustomer = micros },
        OrderEventKind.ShippingLimit => new OrderTimes { ShippingLimit = micros },
        OrderEventKind.EstimatedDelivery => new OrderTimes { EstimatedDelivery = micros },
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    });

    public OrderTimes Merge(in OrderTimes other) => new(
        Math.Max(_purchase, other._purchase), Math.Max(_approve, other._approve), Math.Max(_deliveredCarrier, other._deliveredCarrier),
        Math.Max(_deliveredCustomer, other._deliveredCustomer), Math.Max(_shippingLimit, other._shippingLimit), Math.Max(_estimatedDelivery, other._estimatedDelivery));

    OrderTimes(ulong purchase, ulong approve, ulong deliveredCarrier, ulong deliveredCustomer, ulong shippingLimit, ulong estimatedDelivery) =>
        (_purchase, _approve, _deliveredCarrier, _deliveredCustomer, _shippingLimit, _estimatedDelivery) = (purchase, approve, deliveredCarrier, deliveredCustomer, shippingLimit, estimatedDelivery);

    static ulong Kept(long? micros) => micros is { } known ? (ulong)known ^ (1UL << 63) : 0;

    static long? Instant(ulong kept) => kept == 0 ? null : (long)(kept ^ (1UL << 63));
}
