namespace Olist.Pipeline.Model.Redefining;

/// <summary>All messages of a dataset in the order in which they go out; message i is row <c>Rows[i]</c> of the batch of topic <c>Topics[i]</c>.</summary>
/// <remarks>The rows of each topic are numbered in this same order, from 0 without gaps. The arrays may be longer than <see cref="Count"/>.</remarks>
public sealed class MessageSequence
{
    internal MessageSequence(byte[] topics, int[] rows, long[] times, int count)
    {
        Topics = topics;
        Rows = rows;
        Times = times;
        Count = count;
    }

    public int Count { get; }

    /// <summary>Place of each message's topic in <see cref="TableCatalog.BronzeTopics"/>.</summary>
    public byte[] Topics { get; }

    public int[] Rows { get; }

    /// <summary>When the event happened that each message goes out with (a review that no event carries: its creation), microseconds since 1970. Never falls.</summary>
    public long[] Times { get; }

    /// <summary>The first message at or after a time: a replay from one time to another is <c>FindFirst(from)</c> up to, not including, <c>FindFirst(to)</c>.</summary>
    public int FindFirst(long timeMicros)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Times[middle] < timeMicros) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
