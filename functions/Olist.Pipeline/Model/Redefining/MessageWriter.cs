namespace Olist.Pipeline.Model.Redefining;

/// <summary>Collects the sequence, and per topic the rows of the dataset that its messages are made of.</summary>
sealed class MessageWriter(int capacity)
{
    byte[] _topics = new byte[Math.Max(capacity, 16)];
    int[] _rows = new int[Math.Max(capacity, 16)];
    long[] _times = new long[Math.Max(capacity, 16)];
    int _count;

    readonly List<int>[] _sources = [.. Enumerable.Range(0, TableCatalog.BronzeTopics.Count).Select(_ => new List<int>(capacity / 8))];

    /// <summary>Payments get times of their own.</summary>
    public List<long> PaymentTimes { get; } = new(capacity / 8);

    /// <summary>Rows of the orders that the payments and the items belong to.</summary>
    public List<int> PaymentOrders { get; } = new(capacity / 8);
    public List<int> ItemOrders { get; } = new(capacity / 8);

    public void Add(int topic, int sourceRow, long time)
    {
        if (_count == _topics.Length)
        {
            Array.Resize(ref _topics, _count * 2);
            Array.Resize(ref _rows, _count * 2);
            Array.Resize(ref _times, _count * 2);
        }
        var sources = _sources[topic];
        _topics[_count] = (byte)topic;
        _rows[_count] = sources.Count;
        _times[_count++] = time;
        sources.Add(sourceRow);
    }

    /// <summary>Per message of the topic the row of the dataset (of the events, for order_status).</summary>
    public int[] SourcesOf(int topic) => [.. _sources[topic]];

    public MessageSequence ToSequence() => new(_topics, _rows, _times, _count);
}
