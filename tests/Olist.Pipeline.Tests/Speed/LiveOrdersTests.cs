using Olist.Pipeline.Speed.Live;
using Olist.Pipeline.Speed.Orders;

namespace Olist.Pipeline.Tests.Speed;

/// <summary>The live view, which looks only at orders whose moment has come, against a twin that looks at all of them.</summary>
public sealed class LiveOrdersTests
{
    const long Hour = 3_600_000_000;

    [Theory, InlineData(ClockKind.Wall), InlineData(ClockKind.Event), InlineData(ClockKind.Simulated)]
    public void Late_open_and_untold_orders_are_those_that_a_look_at_all_of_them_finds(ClockKind kind)
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            var time = new Wall();
            var clock = new PipelineClock(kind, time);
            var live = new LiveOrders(clock);
            var twin = new Dictionary<string, DeliveryStatus>();
            for (var step = 0; step < 300; step++)
            {
                time.Now += TimeSpan.FromSeconds(random.Next(kind == ClockKind.Simulated ? 3 : 4_000));
                var status = Random(random, time.Now, twin);
                live.Take([status]);
                if (!twin.TryGetValue(status.OrderId, out var known) || known.Offset < status.Offset) twin[status.OrderId] = status;
                if (random.Next(4) > 0) continue;

                var axis = clock.AxisNow(twin.Values.Max(order => order.Times.LastHappened) ?? 0);
                var judged = twin.Values.Select(order => (order.OrderId, order.Late, order.Times, Now: Lateness.Of(order.Times, clock.OrderTime(order.Times, order.ArrivedMs, axis)))).ToArray();
                Assert.Equal(Ids(judged.Where(order => order.Now.Customer && order.Times.DeliveredCustomer is null).Select(order => order.OrderId)), Ids(live.Late().Select(order => order.OrderId)));
                Assert.Equal(Ids(judged.Where(order => order.Times.DeliveredCustomer is null).Select(order => order.OrderId)), Ids(live.Open().Select(order => order.OrderId)));
                Assert.Equal(Ids(judged.Where(order => order.Now != order.Late).Select(order => order.OrderId)), Ids(live.Untold().Select(order => order.OrderId)));
            }
            Assert.Equal(twin.Count, live.Count);
        }
    }

    [Fact]
    public void A_simulated_order_ages_two_hours_a_second_from_its_last_message_on()
    {
        var time = new Wall();
        var clock = new PipelineClock(ClockKind.Simulated, time);
        var live = new LiveOrders(clock);
        var purchase = 10 * 24 * Hour;
        live.Take([new DeliveryStatus("o", 1, time.Now.ToUnixTimeMilliseconds(), new OrderTimes { Purchase = purchase, EstimatedDelivery = purchase + (24 * Hour) }, default, null, [], 0, 0)]);
        time.Now += TimeSpan.FromSeconds(5);
        Assert.Equal(purchase + (10 * Hour), live.TimeOf(live.Find("o")!));
        Assert.Empty(live.Late());
        time.Now += TimeSpan.FromSeconds(7) + TimeSpan.FromMilliseconds(1);
        Assert.Single(live.Late());
    }

    static string[] Ids(IEnumerable<string> ids) => [.. ids.Order(StringComparer.Ordinal)];

    static DeliveryStatus Random(Random random, DateTimeOffset now, Dictionary<string, DeliveryStatus> known)
    {
        var id = $"o{random.Next(25)}";
        var before = known.GetValueOrDefault(id);
        var at = now.ToUnixTimeMilliseconds() * 1000;
        var times = before?.Times ?? default;
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var eventKind = (OrderEventKind)random.Next(6);
            // A delivery is rare, so that orders stay open for a while.
            if (eventKind == OrderEventKind.DeliveredCustomer && random.Next(5) > 0) continue;
            times = times.With(eventKind, at + ((random.Next(60) - 20) * Hour));
        }
        return new DeliveryStatus(id, random.Next(3), now.ToUnixTimeMilliseconds(), times, new Lateness(random.Next(2) == 0, random.Next(2) == 0), null, [], 0, 0, (before?.Offset ?? 0) + random.Next(-1, 3));
    }

    sealed class Wall : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2018, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
