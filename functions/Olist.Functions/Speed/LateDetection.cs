using Olist.Pipeline.Speed.Live;

namespace Olist.Functions.Speed;

/// <summary>Every second: orders that became late as time passed, without any message, are told so.</summary>
/// <remarks>The live view knows them without a scan (<see cref="LiveOrders.Untold"/>), and what it answers is right at once; this makes the record in <c>delivery_status</c> follow.
/// An order stays on the list until its new record has come, so a signal that is lost is sent again.</remarks>
public sealed class LateDetection(LiveOrders live)
{
    [Function("detect_late")]
    public Task RunAsync([TimerTrigger("* * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        _ = timer;
        return Task.WhenAll(live.Untold().Select(order => client.Entities.SignalEntityAsync(OrderEntity.IdOf(order.OrderId), nameof(OrderEntity.Look), null, null, cancellationToken)));
    }
}
