using System.Text.Json;
using System.Text.Json.Serialization;
using Olist.Pipeline.Speed.Orders;

namespace Olist.Pipeline.Tests.Speed;

public sealed class OrderStateTests
{
    const long Day = 86_400_000_000;

    [Fact]
    public void Updates_in_any_order_and_number_end_in_the_same_state()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var updates = Enumerable.Range(0, random.Next(1, 12)).Select(_ => Random(random)).ToArray();
            var straight = new OrderState();
            foreach (var update in updates) straight.Apply(update);
            var shuffled = updates.Concat(updates.Where(_ => random.Next(3) == 0)).ToArray();
            random.Shuffle(shuffled);
            var mixed = new OrderState();
            foreach (var update in shuffled) mixed.Apply(update);
            Assert.True(straight.Times == mixed.Times && straight.CustomerId == mixed.CustomerId && straight.Lines().OrderBy(Text).SequenceEqual(mixed.Lines().OrderBy(Text)), $"seed {seed}");
        }
        static string Text(OrderLine line) => line.ToString();
    }

    [Fact]
    public void What_is_known_already_changes_nothing_not_even_the_version()
    {
        var random = new Random(5);
        var state = new OrderState();
        var updates = Enumerable.Range(0, 10).Select(_ => Random(random)).ToArray();
        foreach (var update in updates) state.Apply(update);
        var version = state.Version;
        Assert.All(updates, update => Assert.Equal(OrderChange.None, state.Apply(update)));
        Assert.Equal(version, state.Version);
    }

    [Fact]
    public void State_survives_being_written_and_read()
    {
        var random = new Random(6);
        var state = new OrderState();
        for (var i = 0; i < 10; i++) state.Apply(Random(random));
        state.Judge(50 * Day);
        var read = JsonSerializer.Deserialize<OrderState>(JsonSerializer.Serialize(state))!;
        Assert.Equal((state.Times, state.ArrivedMs, state.CustomerId, state.Late, state.Version), (read.Times, read.ArrivedMs, read.CustomerId, read.Late, read.Version));
        Assert.Equal(state.Lines(), read.Lines());
    }

    [Fact]
    public void What_earlier_versions_wrote_is_read_and_what_is_not_known_is_passed_over()
    {
        var state = JsonSerializer.Deserialize<OrderState>("""
            {"t":{"p":1,"a":null,"c":3,"d":null,"s":-5,"e":0,"z":7},"m":42,"i":{"2":{"i":2,"p":"p2","s":"s2","c":199,"q":[{}]},"1":{"i":1,"p":"p1","s":"s1","c":5}},
             "u":"c","new":{"i":[1]},"l":{"Carrier":true,"Customer":false,"Else":[]},"v":9}
            """)!;
        Assert.Equal(new OrderTimes { Purchase = 1, DeliveredCarrier = 3, ShippingLimit = -5, EstimatedDelivery = 0 }, state.Times);
        Assert.Equal((42, "c", new Lateness(true, false), 9), (state.ArrivedMs, state.CustomerId, state.Late, state.Version));
        Assert.Equal([new OrderItem(1, "p1", "s1", 5), new OrderItem(2, "p2", "s2", 199)], state.Items!.Values);
        var update = JsonSerializer.Deserialize<OrderUpdate>("""{"t":{"p":null,"a":2,"c":null,"d":null,"s":null,"e":null},"m":3,"i":[{"i":1,"p":"p","s":"s","c":4}],"u":null}""")!;
        Assert.Equal((new OrderTimes { Approve = 2 }, 3, null), (update.Times, update.ArrivedMs, update.CustomerId));
        Assert.Equal([new OrderItem(1, "p", "s", 4)], update.Items!);
    }

    [Fact]
    public void What_is_written_is_what_earlier_versions_read()
    {
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var state = new OrderState();
            for (var n = random.Next(5); n > 0; n--) state.Apply(Random(random));
            state.Judge(random.Next(1, 60) * Day);
            var read = JsonSerializer.Deserialize<PlainState>(JsonSerializer.Serialize(state))!;
            Assert.Equal((state.Times, state.ArrivedMs, state.CustomerId, state.Late, state.Version), (read.T, read.M, read.U, read.L, read.V));
            Assert.Equal(state.Items?.ToArray() ?? [], read.I?.ToArray() ?? []);
        }
    }

    [Fact]
    public void Broken_states_are_refused()
    {
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<OrderState>("[]"));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<OrderState>("""{"t":5}"""));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<OrderState>("""{"i":{"1":{"i":1,"p":"p"}}}"""));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<OrderState>("""{"v":"""));
    }

    /// <summary>As the serializer by itself has it.</summary>
    sealed record PlainState(
        [property: JsonPropertyName("t")] OrderTimes T, [property: JsonPropertyName("m")] long M, [property: JsonPropertyName("i")] SortedDictionary<int, OrderItem>? I,
        [property: JsonPropertyName("u")] string? U, [property: JsonPropertyName("l")] Lateness L, [property: JsonPropertyName("v")] long V);

    [Fact]
    public void An_approval_after_the_delivery_closes_its_stage_and_changes_no_other()
    {
        var state = new OrderState();
        state.Apply(new OrderUpdate { Times = new OrderTimes { Purchase = 1 * Day, DeliveredCarrier = 4 * Day, DeliveredCustomer = 9 * Day } });
        Assert.Equal(OrderStage.Delivered, OrderStages.Of(state.Times));
        Assert.Equal(new StageDays(null, null, 5, null, null), StageDays.AsOf(state.Times, 100 * Day));
        state.Apply(new OrderUpdate { Times = new OrderTimes { Approve = 2 * Day } });
        Assert.Equal(OrderStage.Delivered, OrderStages.Of(state.Times));
        Assert.Equal(new StageDays(1, 2, 5, null, null), StageDays.AsOf(state.Times, 100 * Day));
    }

    [Fact]
    public void Open_stages_age_with_the_clock_and_closed_ones_never_move()
    {
        var times = new OrderTimes { Purchase = 1 * Day, Approve = 3 * Day, ShippingLimit = 6 * Day, EstimatedDelivery = 20 * Day };
        Assert.Equal(new StageDays(2, 1, null, -2, -16), StageDays.AsOf(times, 4 * Day));
        Assert.Equal(new StageDays(2, 7, null, 4, -10), StageDays.AsOf(times, 10 * Day));
        var shipped = times with { DeliveredCarrier = 5 * Day, DeliveredCustomer = 12 * Day };
        Assert.Equal(StageDays.Closed(shipped), StageDays.AsOf(shipped, 1_000 * Day));
    }

    [Fact]
    public void A_promise_is_broken_the_moment_after_its_time_and_a_late_message_mends_it()
    {
        var times = new OrderTimes { Purchase = 0, ShippingLimit = 5 * Day, EstimatedDelivery = 9 * Day };
        Assert.Equal(new Lateness(false, false), Lateness.Of(times, 5 * Day));
        Assert.Equal(5 * Day, Lateness.NextDue(times, 5 * Day));
        Assert.Equal(new Lateness(true, false), Lateness.Of(times, (5 * Day) + 1));
        Assert.Equal(9 * Day, Lateness.NextDue(times, (5 * Day) + 1));
        Assert.Equal(new Lateness(true, true), Lateness.Of(times, 30 * Day));
        Assert.Null(Lateness.NextDue(times, 30 * Day));
        var state = new OrderState();
        state.Apply(new OrderUpdate { Times = times });
        Assert.True(state.Judge(30 * Day));
        Assert.False(state.Judge(31 * Day));
        state.Apply(new OrderUpdate { Times = new OrderTimes { DeliveredCarrier = 4 * Day, DeliveredCustomer = 8 * Day } });
        Assert.True(state.Judge(32 * Day));
        Assert.Equal(default, state.Late);
    }

    static OrderUpdate Random(Random random)
    {
        var times = default(OrderTimes);
        for (var i = random.Next(4); i > 0; i--) times = times.With((OrderEventKind)random.Next(6), random.Next(1, 40) * Day);
        return new OrderUpdate
        {
            Times = times,
            ArrivedMs = random.Next(1, 1000),
            // A piece is told again as it was: its number says which one it is.
            Items = random.Next(2) == 0 ? null : [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(1, 5)).Select(id => new OrderItem(id, $"p{id % 3}", "s", id % 2 * 100))],
            CustomerId = random.Next(3) == 0 ? "c" : null,
        };
    }
}
