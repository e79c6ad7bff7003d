using Olist.Streaming;

namespace Olist.FunctionsHost.Triggers.Kafka;

/// <summary>What the polls brought since a function was last started. Not for several threads.</summary>
sealed class CollectedRecords
{
    readonly List<ConsumedBatch> _batches = [];

    public int Count { get; private set; }

    public void Add(ConsumedBatch batch)
    {
        if (batch.Records.Count == 0) return;
        _batches.Add(batch);
        Count += batch.Records.Count;
    }

    /// <summary>All of them, for one run. Those of a single poll, as most are when much waits, are not copied.</summary>
    public ConsumedRecord[] Take()
    {
        var records = _batches is [{ Records: ConsumedRecord[] whole }] ? whole : Joined();
        _batches.Clear();
        Count = 0;
        return records;
    }

    ConsumedRecord[] Joined()
    {
        var joined = new ConsumedRecord[Count];
        var at = 0;
        foreach (var batch in _batches)
        {
            batch.AsSpan().CopyTo(joined.AsSpan(at));
            at += batch.Records.Count;
        }
        return joined;
    }
}
