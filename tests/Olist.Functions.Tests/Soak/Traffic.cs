using System.Buffers;
using System.Globalization;
using System.Text;
using Olist.Formats.Columns;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps;
using Olist.Pipeline.Steps.Publishing;
using Olist.Pipeline.Steps.Topics;
using Olist.Streaming;

namespace Olist.Functions.Tests.Soak;

/// <summary>A dataset's messages as shops would send them: some now, some later.</summary>
sealed class Traffic(PublishableDataset source, TopicEncoders encoders, IEventProducer producer) : IAsyncDisposable
{
    readonly ArrayBufferWriter<byte> _value = new(1024);

    public static async Task<Traffic> OpenAsync(string dataset, Workspace workspace, CancellationToken cancellationToken) => new(
        await PublishableDataset.LoadAsync(dataset, cancellationToken), await TopicEncoders.CreateAsync(workspace.State.Registry, cancellationToken), workspace.Log.CreateProducer());

    public int Sent { get; private set; }

    public int Messages => source.Messages.Sequence.Count;

    /// <summary>Messages up to, not including, <paramref name="endExcl"/>.</summary>
    public async Task SendAsync(int endExcl, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var sequence = source.Messages.Sequence;
        for (; Sent < endExcl; Sent++)
        {
            var (topic, rows, row) = (TableCatalog.BronzeTopics[sequence.Topics[Sent]].Name, source.Messages.Batches[sequence.Topics[Sent]], sequence.Rows[Sent]);
            _value.ResetWrittenCount();
            encoders.For(topic).Encode(rows, row, _value);
            var key = rows.Columns[0] is BytesColumn bytes ? bytes[row].ToArray() : Encoding.ASCII.GetBytes(((ValueColumn<int>)rows.Columns[0])[row].ToString(CultureInfo.InvariantCulture));
            producer.Append(topic, key, _value.WrittenSpan, now.ToUnixTimeMilliseconds());
        }
        await producer.FlushAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => producer.DisposeAsync();
}
