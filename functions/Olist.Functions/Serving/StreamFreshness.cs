using Olist.Pipeline.Queries;
using Olist.Pipeline.Speed.Live;
using Olist.Pipeline.Speed.Topics;

namespace Olist.Functions.Serving;

/// <summary>How far the live view is: what every answer of the speed layer says of itself.</summary>
public sealed class StreamFreshness(StatusFeed feed, LiveOrders live)
{
    public AsOf.StreamPosition Now() => new(
        SpeedTopics.DeliveryStatus, feed.Position, live.LastEvent == 0 ? null : Answers.Time(live.LastEvent), PipelineClock.KindNames[(int)live.Clock.Kind]);
}
