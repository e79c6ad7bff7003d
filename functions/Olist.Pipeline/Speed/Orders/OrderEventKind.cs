namespace Olist.Pipeline.Speed.Orders;

/// <summary>What an order event tells: the <c>data_type</c> of <c>order_event</c>. The first four happen, the last two are promised.</summary>
public enum OrderEventKind
{
    Purchase, Approve, DeliveredCarrier, DeliveredCustomer, ShippingLimit, EstimatedDelivery,
}
