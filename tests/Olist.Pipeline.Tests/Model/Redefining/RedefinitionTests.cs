using Olist.Pipeline.Datasets;
using Olist.Pipeline.Model;
using Olist.Pipeline.Model.Redefining;
using Olist.Pipeline.Tests.Datasets;

namespace Olist.Pipeline.Tests.Model.Redefining;

public sealed class RedefinitionTests
{
    static List<string> Messages(Redefinition redefined)
    {
        var sequence = redefined.Sequence;
        return [.. Enumerable.Range(0, sequence.Count).Select(i =>
            $"{TableCatalog.BronzeTopics[sequence.Topics[i]].Name}: {DateTime.UnixEpoch.AddMicroseconds(sequence.Times[i]):yyyy-MM-dd HH:mm:ss}: {BatchText.Row(redefined.Batches[sequence.Topics[i]], sequence.Rows[i])}")];
    }

    [Fact]
    public async Task One_order_becomes_its_messages_in_their_order()
    {
        var folder = CsvFolder.WithOneOrder();
        folder[DatasetFiles.Payments].Add("order1,3,voucher,1,1.0");
        folder[DatasetFiles.Payments].Add("order1,2,voucher,1,2.0");
        folder[DatasetFiles.OrderItems].Add("order1,3,product1,seller2,2018-01-04 10:00:00,99.9,13.25");
        folder[DatasetFiles.OrderItems].Add("order1,2,unknown,unknown,2018-01-04 10:00:00,5.0,0.0");
        folder[DatasetFiles.Sellers].Add("seller2,20031,rio de janeiro,RJ");
        Assert.Equal(
        [
            "order_status: 2018-01-01 10:00:00: order1|purchase|2018-01-01 10:00:00",
            "payment: 2018-01-01 10:00:00: order1|1|2018-01-01 09:59:00|113.15|credit_card|3|customer1",
            "payment: 2018-01-01 10:00:00: order1|2|2018-01-01 09:59:30|2.00|voucher|1|customer1",
            "payment: 2018-01-01 10:00:00: order1|3|2018-01-01 10:00:00|1.00|voucher|1|customer1",
            "order_item: 2018-01-01 10:00:00: order1|1|2018-01-04 10:00:00|99.90|13.25|product1|seller1",
            "order_item: 2018-01-01 10:00:00: order1|2|2018-01-04 10:00:00|5.00|0.00|unknown|unknown",
            "order_item: 2018-01-01 10:00:00: order1|3|2018-01-04 10:00:00|99.90|13.25|product1|seller2",
            "product: 2018-01-01 10:00:00: product1|baby|7150|50|19|45",
            "seller: 2018-01-01 10:00:00: seller1|20031",
            "seller: 2018-01-01 10:00:00: seller2|20031",
            "geolocation: 2018-01-01 10:00:00: 20031|-22.9|-43.1|RJ|rio de janeiro",
            "customer: 2018-01-01 10:00:00: customer1|1012",
            "geolocation: 2018-01-01 10:00:00: 1012|-23.6|-46.7|SP|sao paulo",
            "order_status: 2018-01-01 11:00:00: order1|approved|2018-01-01 11:00:00",
            "estimated_delivery_date: 2018-01-01 11:00:00: order1|2018-01-20 00:00:00",
            "order_status: 2018-01-03 12:00:00: order1|delivered_carrier|2018-01-03 12:00:00",
            "order_status: 2018-01-09 13:00:00: order1|delivered_customer|2018-01-09 13:00:00",
            "review: 2018-01-10 00:00:00: review1|order1|2018-01-10 00:00:00|2018-01-12 08:00:00|5|Ótimo|Chegou, e \"rápido\"\r\nobrigado",
        ], Messages(Redefinition.Of((await folder.LoadAsync()).Tables)));
    }

    [Fact]
    public async Task The_place_of_the_customer_goes_out_even_when_a_seller_lives_there()
    {
        var folder = CsvFolder.WithOneOrder();
        folder[DatasetFiles.Sellers][0] = "seller1,01012,sao paulo,SP";
        Assert.Equal(2, Messages(Redefinition.Of((await folder.LoadAsync()).Tables)).Count(message => message.StartsWith("geolocation: 2018-01-01 10:00:00: 1012|", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Reviews_of_a_dataset_without_orders_still_go_out()
    {
        var folder = CsvFolder.WithOneOrder();
        folder[DatasetFiles.Orders].Clear();
        Assert.Equal("review: 2018-01-10 00:00:00: review1", Assert.Single(Messages(Redefinition.Of((await folder.LoadAsync()).Tables)))[..36]);
    }

    [Theory, InlineData(1), InlineData(20161004), InlineData(20180831)]
    public async Task Any_dataset_gives_the_messages_of_the_slow_computation(int seed)
    {
        var random = new Random(seed);
        for (var turn = 0; turn < 40; turn++)
        {
            var folder = RandomOrders.Make(random);
            var dataset = await folder.LoadAsync();
            Assert.Equal(0, dataset.RejectedCount);
            var redefined = Redefinition.Of(dataset.Tables);
            Assert.Equal(SlowRedefinition.Of(folder), Messages(redefined));
            Assert.Equal(TableCatalog.BronzeTopics.Select(topic => topic.Columns), redefined.Batches.Select(batch => batch.Schema));
        }
    }

    [Fact]
    public async Task The_rows_of_a_topic_are_numbered_as_they_go_out_and_times_never_fall()
    {
        var dataset = await RandomOrders.Make(new Random(3)).LoadAsync();
        var sequence = Redefinition.Of(dataset.Tables).Sequence;
        var next = new int[TableCatalog.BronzeTopics.Count];
        for (var i = 0; i < sequence.Count; i++)
        {
            Assert.Equal(next[sequence.Topics[i]]++, sequence.Rows[i]);
            if (i > 0) Assert.True(sequence.Times[i - 1] <= sequence.Times[i]);
        }
        for (var i = 0; i < sequence.Count; i++)
        {
            var first = sequence.FindFirst(sequence.Times[i]);
            Assert.True(first <= i && sequence.Times[first] == sequence.Times[i] && (first == 0 || sequence.Times[first - 1] < sequence.Times[i]));
        }
        Assert.Equal(sequence.Count, sequence.FindFirst(long.MaxValue));
    }
}
