using Olist.Pipeline.Model;

namespace Olist.Pipeline.Speed.Orders;

/// <summary>Calendar days (UTC) of each stage of an order; <see langword="null"/> where a stage has not begun.</summary>
/// <remarks>A stage that is open counts the days so far by the pipeline's clock; one that is closed counts between its two ends and never moves. Columns as in <c>gold.fact_order_lead_days</c>.</remarks>
public readonly record struct StageDays(long? PurchaseToApproval, long? ApprovalToCarrier, long? CarrierToCustomer, long? CarrierDeliveryDelay, long? CustomerDeliveryDelay)
{
    /// <summary>Closed stages only, as the batch layer has them.</summary>
    public static StageDays Closed(in OrderTimes times) => Of(times, null);

    /// <param name="nowMicros">The pipeline's clock, microseconds since 1970.</param>
    public static StageDays AsOf(in OrderTimes times, long nowMicros) => Of(times, nowMicros);

    /// <summary>A delivered order has no open stage: an event that is missing in the middle of its way is unknown, not awaited.</summary>
    static StageDays Of(in OrderTimes times, long? now)
    {
        var (toApprove, toCarrier, toCustomer) = (
            times.Approve ?? (times is { DeliveredCarrier: null, DeliveredCustomer: null } ? now : null),
            times.DeliveredCarrier ?? (times.DeliveredCustomer is null ? now : null),
            times.DeliveredCustomer ?? now);
        return new StageDays(
            Between(times.Purchase, toApprove), Between(times.Approve, toCarrier), Between(times.DeliveredCarrier, toCustomer),
            Between(times.ShippingLimit, toCarrier), Between(times.EstimatedDelivery, toCustomer));
    }

    static long? Between(long? from, long? to) => from is { } a && to is { } b ? LeadDays.Between(a, b) : null;
}
