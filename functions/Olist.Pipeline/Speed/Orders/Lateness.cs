namespace Olist.Pipeline.Speed.Orders;

/// <summary>Which promises of an order are broken.</summary>
/// <param name="Carrier">The shipping limit went by before the carrier had it.</param>
/// <param name="Customer">The estimated delivery went by before the customer had it.</param>
public readonly record struct Lateness(bool Carrier, bool Customer)
{
    /// <summary>As of an instant; what has arrived is judged by when it did.</summary>
    /// <param name="nowMicros">The pipeline's clock, microseconds since 1970.</param>
    public static Lateness Of(in OrderTimes times, long nowMicros) => new(
        times.ShippingLimit is { } limit && (times.DeliveredCarrier ?? times.DeliveredCustomer ?? nowMicros) > limit,
        times.EstimatedDelivery is { } estimated && (times.DeliveredCustomer ?? nowMicros) > estimated);

    /// <summary>The next instant at which time alone breaks a promise that is not broken as of now; <see langword="null"/> when none is left.</summary>
    public static long? NextDue(in OrderTimes times, long nowMicros)
    {
        long? limit = times.DeliveredCarrier is null && times.DeliveredCustomer is null && times.ShippingLimit >= nowMicros ? times.ShippingLimit : null;
        long? estimated = times.DeliveredCustomer is null && times.EstimatedDelivery >= nowMicros ? times.EstimatedDelivery : null;
        return limit is { } a && estimated is { } b ? Math.Min(a, b) : limit ?? estimated;
    }
}
