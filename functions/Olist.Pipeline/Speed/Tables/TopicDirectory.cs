using Olist.Formats.Columns;

namespace Olist.Pipeline.Speed.Tables;

/// <summary>A topic's latest value of each key, in memory; read from the topic's beginning, then on from where it was.</summary>
sealed class TopicDirectory<TKey, TValue>(Func<RowBatch, Func<int, (TKey Key, TValue Value)>> reader) where TKey : notnull
{
    readonly Dictionary<TKey, TValue> _values = [];
    readonly Dictionary<int, long> _next = [];

    public TValue? Find(TKey key) => _values.GetValueOrDefault(key);

    /// <summary>Whether nothing was read at or behind the given offsets.</summary>
    public bool IsWithin(Func<int, long> nextOf) => _next.All(partition => partition.Value <= nextOf(partition.Key));

    /// <summary>Up to the topic's present end.</summary>
    public async ValueTask CatchUpAsync(TopicReader topic, CancellationToken cancellationToken)
    {
        var (rows, _, next, _) = await topic.ReadAsync(partition => _next.GetValueOrDefault(partition), cancellationToken);
        var read = reader(rows);
        for (var row = 0; row < rows.RowCount; row++)
        {
            var (key, value) = read(row);
            _values[key] = value;
        }
        foreach (var (partition, offset) in next) _next[partition] = offset;
    }
}
