namespace Olist.FunctionsHost.Hosting;

/// <summary>How far one function is behind on one partition.</summary>
/// <param name="Committed">Next offset to read, null before the first commit.</param>
/// <param name="Latest">Offset that the next record will get.</param>
/// <param name="Lag">Records not yet committed.</param>
public sealed record KafkaPartitionLag(string Function, string ConsumerGroup, string Topic, int Partition, long? Committed, long Latest, long Lag);
