using Olist.Streaming;

namespace Olist.FunctionsHost.Triggers.Kafka;

/// <summary>How far a batch came.</summary>
/// <param name="Next">Next offsets that may be stored.</param>
/// <param name="IsStopped">A stop came first; the rest comes again at the next start.</param>
sealed record KafkaProgress(Dictionary<TopicPartition, long> Next, bool IsStopped);
