using Olist.Pipeline.Speed.Live;
using Olist.Pipeline.Speed.Orders;
using Olist.Pipeline.Speed.Tables;

namespace Olist.Pipeline.Tests.Speed;

/// <summary>When what the live view has may stand for what the topic told.</summary>
public sealed class UnwrittenOrdersTests
{
    readonly LiveOrders _live = new(new PipelineClock(ClockKind.Event, TimeProvider.System));
    readonly UnwrittenOrders _unwritten;

    public UnwrittenOrdersTests() => _unwritten = new UnwrittenOrders(_live);

    static Dictionary<int, long> At(params long[] offsets) => offsets.Select((offset, partition) => (partition, offset)).Where(next => next.offset > 0).ToDictionary(next => next.partition, next => next.offset);

    void Tell(string order, long offset) => _live.Take([new DeliveryStatus(order, 7, 0, default, default, null, [], 0, 0, offset)]);

    IEnumerable<(string, long)> Orders => _unwritten.Orders.Select(order => (order.OrderId, order.Offset)).Order();

    void ReadTheTopic(Dictionary<int, long> table, Dictionary<int, long> next)
    {
        Assert.Null(_unwritten.TryTake(table, next));
        _unwritten.Begin(table, next);
        Assert.Empty(Orders);
    }

    [Fact]
    public void After_a_start_the_topic_is_read_and_then_the_view_is_enough()
    {
        Tell("a", 1);
        ReadTheTopic(At(1), At(2));
        Tell("a", 2);
        Tell("b", 1);
        Tell("b", 2);
        Assert.Equal(At(3, 1), _unwritten.TryTake(At(2), At(3, 1)));
        Assert.Equal([("a", 2L), ("b", 2L)], Orders);
        Assert.Equal([], _unwritten.TryTake(At(3, 1), At(3, 1)) ?? throw new InvalidOperationException("The topic is not needed."));
        Assert.Empty(Orders);
    }

    [Fact]
    public void A_table_that_has_nothing_yet_is_made_of_the_view()
    {
        Tell("a", 1);
        Assert.Equal(At(1), _unwritten.TryTake(At(), At(1)));
        Tell("b", 1);
        Assert.Equal(At(2), _unwritten.TryTake(At(), At(2)));
        Assert.Equal([("a", 1L), ("b", 1L)], Orders);
        Assert.Equal(At(3), _unwritten.TryTake(At(2), At(3)));
        Assert.Empty(Orders);
    }

    [Fact]
    public void What_was_not_committed_is_there_again()
    {
        ReadTheTopic(At(1), At(1));
        Tell("a", 1);
        Assert.Equal(At(2), _unwritten.TryTake(At(1), At(2)));
        Tell("b", 1);
        Assert.Equal(At(3), _unwritten.TryTake(At(1), At(3)));
        Assert.Equal([("a", 1L), ("b", 1L)], Orders);
    }

    [Fact]
    public void An_order_that_came_with_the_position_still_behind_is_kept_until_the_table_moves()
    {
        ReadTheTopic(At(1), At(1));
        Tell("a", 1);
        Assert.Equal([], _unwritten.TryTake(At(1), At(1))!);
        Assert.Equal([("a", 1L)], Orders);
        Assert.Equal(At(2), _unwritten.TryTake(At(1), At(2)));
        Assert.Equal([("a", 1L)], Orders);
    }

    [Fact]
    public void A_table_that_another_instance_moved_is_brought_up_from_the_topic()
    {
        ReadTheTopic(At(1), At(1));
        Tell("a", 1);
        Assert.Equal(At(2), _unwritten.TryTake(At(1), At(2)));
        ReadTheTopic(At(3), At(5));
        Tell("b", 1);
        Assert.Equal(At(6), _unwritten.TryTake(At(5), At(6)));
        Assert.Equal([("b", 1L)], Orders);
    }

    [Fact]
    public void A_view_that_is_behind_the_table_counts_for_nothing()
    {
        ReadTheTopic(At(1), At(4, 4));
        Tell("a", 1);
        Assert.Null(_unwritten.TryTake(At(4, 4), At(9, 3)));
        Assert.Empty(Orders);
        // Even when the topic could then not be read: what the view had is gone.
        Assert.Null(_unwritten.TryTake(At(4, 4), At(9, 4)));
    }

    [Fact]
    public void The_view_tells_of_each_changed_order_once()
    {
        Tell("a", 2);
        Tell("a", 1);
        Tell("b", 1);
        Assert.Equal([("a", 2L), ("b", 1L)], _live.TakeChanged().Select(order => (order.OrderId, order.Offset)));
        Assert.Empty(_live.TakeChanged());
        Tell("a", 2);
        Assert.Empty(_live.TakeChanged());
        Tell("a", 3);
        Assert.Equal([("a", 3L)], _live.TakeChanged().Select(order => (order.OrderId, order.Offset)));
    }
}
