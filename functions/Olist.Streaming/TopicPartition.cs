namespace Olist.Streaming;

/// <summary>One ordered sequence of records.</summary>
public readonly record struct TopicPartition(string Topic, int Partition)
{
    public override string ToString() => $"{Topic}[{Partition}]";
}
