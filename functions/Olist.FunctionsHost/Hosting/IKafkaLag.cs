namespace Olist.FunctionsHost.Hosting;

/// <summary>How far Kafka functions are behind. For several threads.</summary>
public interface IKafkaLag
{
    ValueTask<IReadOnlyList<KafkaPartitionLag>> GetAsync(CancellationToken cancellationToken);
}
