using Olist.Pipeline.Datasets;
using Olist.Pipeline.Model;
using Olist.Pipeline.Model.Redefining;
using Olist.Testing;

namespace Olist.Pipeline.Tests.Model.Redefining;

public sealed class SampleRedefinitionTests
{
    [Fact]
    public async Task The_real_sample_gives_the_known_number_of_messages_per_topic()
    {
        var dataset = await Dataset.LoadAsync(SampleDataset.Require(), TestContext.Current.CancellationToken);
        Assert.Equal(0, dataset.RejectedCount);

        var redefined = Redefinition.Of(dataset.Tables);
        var counts = TableCatalog.BronzeTopics.Zip(redefined.Batches).ToDictionary(pair => pair.First.Name, pair => pair.Second.RowCount);
        Assert.Equal(new Dictionary<string, int>
        {
            ["order_status"] = 27_647, ["payment"] = 8_924, ["order_item"] = 8_365, ["product"] = 7_606, ["seller"] = 7_433,
            ["customer"] = 8_135, ["geolocation"] = 15_515, ["estimated_delivery_date"] = 7_989, ["review"] = 8_225,
        }, counts);
        Assert.Equal(99_839, redefined.Sequence.Count);

        var statuses = redefined.Batches[0].Bytes("status");
        var byStatus = Enumerable.Range(0, statuses.Count).GroupBy(row => statuses.Find(row)!).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(new Dictionary<string, int>
        {
            ["purchase"] = 8_135, ["approved"] = 7_989, ["delivered_carrier"] = 6_353, ["delivered_customer"] = 5_170,
        }, byStatus);
    }
}
