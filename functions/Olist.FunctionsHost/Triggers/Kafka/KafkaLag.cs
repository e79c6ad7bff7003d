using Olist.FunctionsHost.Hosting;
using Olist.Streaming;

namespace Olist.FunctionsHost.Triggers.Kafka;

/// <summary>Asks the logs of all Kafka listeners.</summary>
sealed class KafkaLag(ListenerSet listeners) : IKafkaLag
{
    public async ValueTask<IReadOnlyList<KafkaPartitionLag>> GetAsync(CancellationToken cancellationToken)
    {
        var lags = new List<KafkaPartitionLag>();
        foreach (var listener in listeners.All.OfType<KafkaListener>())
        {
            var topics = await listener.Log.ListTopicsAsync(cancellationToken);
            for (var partition = 0; partition < topics.FirstOrDefault(topic => topic.Name == listener.Source.Topic)?.Partitions; partition++)
            {
                var at = new TopicPartition(listener.Source.Topic, partition);
                var (earliest, latest) = await listener.Log.GetWatermarksAsync(at, cancellationToken);
                var committed = await listener.Log.GetCommittedAsync(listener.Source.ConsumerGroup, at, cancellationToken);
                lags.Add(new KafkaPartitionLag(listener.Function, listener.Source.ConsumerGroup, at.Topic, partition, committed, latest,
                    Math.Max(0, latest - Math.Max(committed ?? earliest, earliest))));
            }
        }
        return lags;
    }
}
