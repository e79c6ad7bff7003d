using Olist.Pipeline.Datasets;
using Olist.Pipeline.Model.Redefining;

namespace Olist.Pipeline.Steps.Publishing;

/// <summary>A dataset, read and redefined into messages.</summary>
public sealed class PublishableDataset
{
    const int MaxExamples = 1_000;

    PublishableDataset(Dataset dataset, Redefinition messages)
    {
        Folder = dataset.Folder;
        Fingerprint = dataset.Fingerprint;
        Rejected = new RejectedSummary(dataset.RejectedCount, [.. dataset.Rejected.Take(MaxExamples)]);
        Messages = messages;
    }

    public string Folder { get; }
    public string Fingerprint { get; }
    public Redefinition Messages { get; }

    /// <summary>Rows that were set aside.</summary>
    public RejectedSummary Rejected { get; }

    /// <exception cref="DatasetException">The dataset as a whole can't be used.</exception>
    public static async Task<PublishableDataset> LoadAsync(string folder, CancellationToken cancellationToken)
    {
        var dataset = await Dataset.LoadAsync(folder, cancellationToken);
        return new PublishableDataset(dataset, Redefinition.Of(dataset.Tables));
    }

    /// <summary>The messages of events from a time on (included) to another (not included).</summary>
    public (long Start, long EndExcl) RangeOf(DateTimeOffset? from, DateTimeOffset? to)
    {
        var start = from is { } first ? IndexOf(first) : 0;
        var end = to is { } last ? IndexOf(last) : Messages.Sequence.Count;
        if (end < start) throw new PipelineException($"--to {to:O} is before --from {from:O}: nothing can lie between them.");
        return (start, end);
    }

    int IndexOf(DateTimeOffset instant) => Messages.Sequence.FindFirst((instant - DateTimeOffset.UnixEpoch).Ticks / 10);
}
