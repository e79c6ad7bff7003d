using Olist.Pipeline.Speed.Live;
using Olist.Pipeline.Speed.Orders;
using Olist.Pipeline.Speed.Topics;

namespace Olist.Functions.Speed;

/// <summary>One order on its way: keeps its state, and tells <c>delivery_status</c> and <c>customer_order</c> of every change.</summary>
/// <remarks>Records are stored before the state is: a crash in between runs the operation again, which publishes the same version once more. Operations repeat without effect and never throw for what a message says.</remarks>
public sealed class OrderEntity(SpeedPublishers publishers, LiveOrders live) : TaskEntity<OrderState>
{
    public const string Name = "order";

    public static EntityInstanceId IdOf(string orderId) => new(Name, orderId);

    [Function(Name)]
    public static Task DispatchAsync([EntityTrigger] TaskEntityDispatcher dispatcher)
    {
        ArgumentNullException.ThrowIfNull(dispatcher);
        return dispatcher.DispatchAsync<OrderEntity>();
    }

    /// <summary>Takes in what messages tell.</summary>
    public Task Apply(OrderUpdate update)
    {
        var change = State.Apply(update);
        if (change == OrderChange.None) return Task.CompletedTask;
        Judge();
        var orderId = Context.Id.Key;
        var told = publishers.Statuses.PublishAsync(DeliveryStatus.Of(orderId, State));
        return change.HasFlag(OrderChange.Contents)
            ? Task.WhenAll(told, publishers.Lines.PublishAsync([.. State.Lines().Select(line => new CustomerOrderLine(orderId, line, State.CustomerId))]))
            : told;
    }

    /// <summary>Time has gone by: tells of promises that it broke.</summary>
    public Task Look() => Judge() ? publishers.Statuses.PublishAsync(DeliveryStatus.Of(Context.Id.Key, State)) : Task.CompletedTask;

    bool Judge() => State.Judge(live.TimeOf(State.Times, State.ArrivedMs));
}
