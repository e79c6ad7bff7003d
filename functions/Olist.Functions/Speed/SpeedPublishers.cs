using Olist.Pipeline.Speed.Orders;
using Olist.Pipeline.Speed.Products;
using Olist.Pipeline.Speed.Topics;

namespace Olist.Functions.Speed;

/// <summary>The topics that entities publish to.</summary>
public sealed record SpeedPublishers(TopicPublisher<DeliveryStatus> Statuses, TopicPublisher<CustomerOrderLine> Lines, TopicPublisher<ProductOffer> Offers);
