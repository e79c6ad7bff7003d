using Olist.Pipeline;

namespace Olist.Functions.Tests;

public sealed class BrokerSettingTests
{
    [Fact]
    public async Task A_cluster_that_the_embedded_host_would_not_read_keeps_it_from_starting_and_leaves_nothing_behind()
    {
        var folder = Path.Combine(Path.GetTempPath(), "olist-broker-" + Guid.NewGuid().ToString("N"));
        var error = await Assert.ThrowsAsync<PipelineException>(() =>
            OlistApp.OpenAsync(["--Kafka:BrokerList=kafka-1:9092,kafka-2:9092", $"--Olist:Lake={folder}"], null, TestContext.Current.CancellationToken));
        Assert.Contains("Setting Kafka:BrokerList is 'kafka-1:9092,kafka-2:9092'", error.Message);
        Assert.Contains("FunctionsHost=azure", error.Message);
        Assert.False(Directory.Exists(folder));
        Assert.False(Directory.Exists(folder + ".state"));
    }
}
