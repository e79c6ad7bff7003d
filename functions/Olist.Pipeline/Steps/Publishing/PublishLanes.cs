using System.Buffers;
using System.Buffers.Text;
using Olist.Formats.Columns;
using Olist.Pipeline.Model;
using Olist.Pipeline.Model.Redefining;
using Olist.Streaming;
using Olist.Pipeline.Steps.Topics;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Steps.Publishing;

/// <summary>The topics of a dataset dealt out to as many writers as there are cores, each with its own producer; about the same number of messages each.</summary>
sealed class PublishLanes : IAsyncDisposable
{
    readonly MessageSequence _messages;
    readonly TopicWriter[] _writers;
    readonly Lane[] _lanes;

    sealed record Lane(IEventProducer Producer, bool[] Topics);

    sealed record TopicWriter(string Topic, RowBatch Rows, RecordEncoder Encoder);

    public PublishLanes(IEventLog log, TopicEncoders encoders, Redefinition messages, string producerName)
    {
        _messages = messages.Sequence;
        var topics = TableCatalog.BronzeTopics;
        _writers = [.. topics.Select((topic, code) => new TopicWriter(topic.Name, messages.Batches[code], encoders.For(topic.Name)))];
        _lanes = [.. Enumerable.Range(0, Math.Min(Environment.ProcessorCount, 4)).Select(_ => new Lane(log.CreateProducer(producerName), new bool[topics.Count]))];
        var load = new long[_lanes.Length];
        var counts = new long[topics.Count];
        foreach (var code in _messages.Topics.AsSpan(0, _messages.Count)) counts[code]++;
        foreach (var code in Enumerable.Range(0, topics.Count).OrderByDescending(code => counts[code]))
        {
            var lightest = Array.IndexOf(load, load.Min());
            _lanes[lightest].Topics[code] = true;
            load[lightest] += counts[code];
        }
    }

    /// <summary>Encodes, appends and flushes messages <paramref name="start"/> up to, not including, <paramref name="endExcl"/>.</summary>
    public async Task SendAsync(int start, int endExcl, long timestampMs, CancellationToken cancellationToken)
    {
        if (endExcl - start < 1_000)
        {
            // A single event is not worth a thread.
            foreach (var lane in _lanes) Append(lane, start, endExcl, timestampMs);
        }
        else
        {
            await Task.WhenAll(_lanes.Select(lane => Task.Run(() => Append(lane, start, endExcl, timestampMs), cancellationToken)));
        }
        foreach (var lane in _lanes) await lane.Producer.FlushAsync(cancellationToken);
    }

    void Append(Lane lane, int start, int endExcl, long timestampMs)
    {
        var value = new ArrayBufferWriter<byte>(1024);
        Span<byte> number = stackalloc byte[20];
        var (topics, rows) = (_messages.Topics, _messages.Rows);
        for (var i = start; i < endExcl; i++)
        {
            var code = topics[i];
            if (!lane.Topics[code]) continue;
            var writer = _writers[code];
            value.ResetWrittenCount();
            writer.Encoder.Encode(writer.Rows, rows[i], value);
            lane.Producer.Append(writer.Topic, KeyOf(writer.Rows.Columns[0], rows[i], number), value.WrittenSpan, timestampMs, sequence: i);
        }
    }

    /// <summary>The first column as text: what every producer of these topics keys by.</summary>
    static ReadOnlySpan<byte> KeyOf(Column column, int row, Span<byte> number)
    {
        if (column is BytesColumn bytes) return bytes[row];
        Utf8Formatter.TryFormat(((ValueColumn<int>)column)[row], number, out var length);
        return number[..length];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes) await lane.Producer.DisposeAsync();
    }
}
