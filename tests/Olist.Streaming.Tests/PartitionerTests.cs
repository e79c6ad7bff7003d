using System.Text;

namespace Olist.Streaming.Tests;

public sealed class PartitionerTests
{
    /// <summary>The hashes that the Java client's own test lists, as partitions of a count that keeps all their bits.</summary>
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Hashes_like_the_java_client(string key, int murmur2) =>
        Assert.Equal((murmur2 & int.MaxValue) % int.MaxValue, Partitioner.Of(Encoding.UTF8.GetBytes(key), int.MaxValue));

    [Fact]
    public void Spreads_keys_evenly()
    {
        var counts = new int[12];
        for (var i = 0; i < 12_000; i++) counts[Partitioner.Of(Encoding.UTF8.GetBytes($"order-{i}"), 12)]++;
        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }
}
