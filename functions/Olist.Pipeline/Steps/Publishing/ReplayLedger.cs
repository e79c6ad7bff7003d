using System.Text.Json;
using Olist.Storage;

namespace Olist.Pipeline.Steps.Publishing;

/// <summary>Which parts of which dataset went into the log of a state folder, so that a replay given again goes on and never sends twice.</summary>
/// <remarks>A part is a range of the dataset's message sequence. It is written down before its first message and again after its last; the producer's own
/// sequence numbers (see <see cref="Olist.Streaming.IEventProducer.GetLastSequenceAsync"/>) tell how far a started part came. One process at a time, as the state folder's lock has it.</remarks>
public sealed class ReplayLedger
{
    const string Key = "replay/ledger.json";
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    readonly IObjectStore _state;
    readonly List<Part> _parts;

    ReplayLedger(IObjectStore state, List<Part> parts)
    {
        _state = state;
        _parts = parts;
    }

    /// <summary>One part: messages <paramref name="Start"/> up to, not including, <paramref name="EndExcl"/>.</summary>
    /// <param name="Dataset">Fingerprint of the dataset.</param>
    /// <param name="Start">First message; together with the dataset it names the producer.</param>
    /// <param name="EndExcl">End of what was asked for.</param>
    /// <param name="Done">Whether all of it is in the log.</param>
    public sealed record Part(string Dataset, long Start, long EndExcl, bool Done)
    {
        /// <summary>The idempotent producer that sends this part, on the first try and on every later one.</summary>
        public string ProducerName => $"dataset:{Dataset}:{Start}";
    }

    public IReadOnlyList<Part> Parts => _parts;

    public static async ValueTask<ReplayLedger> OpenAsync(IObjectStore state, CancellationToken cancellationToken)
    {
        if (await state.FindAsync(Key, cancellationToken) is null) return new ReplayLedger(state, []);
        try
        {
            return new ReplayLedger(state, JsonSerializer.Deserialize<List<Part>>(await state.ReadAsync(Key, cancellationToken), Json) ?? []);
        }
        catch (JsonException exception)
        {
            throw new PipelineException($"{state.RootUri}/{Key} is not a replay ledger ({exception.Message}). " +
                "Restore it from a backup, or start over with an empty --state and --lake.", exception);
        }
    }

    /// <summary>What is still to be sent of a range: its gaps, each split where an earlier replay began, so that every part keeps its producer.</summary>
    public IReadOnlyList<Part> Missing(string dataset, long start, long endExcl)
    {
        var missing = new List<Part>();
        var mine = _parts.Where(part => part.Dataset == dataset).OrderBy(part => part.Start).ToArray();
        var at = start;
        foreach (var part in mine.Append(new Part(dataset, endExcl, endExcl, true)))
        {
            if (part.EndExcl <= at && part.Start < endExcl) continue;
            if (part.Start > at) missing.Add(new Part(dataset, at, Math.Min(part.Start, endExcl), false));
            if (part.Start >= endExcl) break;
            // It broke off: the same producer finishes what was asked for then, whatever is asked for now.
            if (!part.Done) missing.Add(part);
            at = Math.Max(at, part.EndExcl);
        }
        return missing;
    }

    public ValueTask StartAsync(Part part, CancellationToken cancellationToken) => RecordAsync(part with { Done = false }, cancellationToken);

    public ValueTask FinishAsync(Part part, CancellationToken cancellationToken) => RecordAsync(part with { Done = true }, cancellationToken);

    async ValueTask RecordAsync(Part part, CancellationToken cancellationToken)
    {
        _parts.RemoveAll(known => known.Dataset == part.Dataset && known.Start == part.Start);
        _parts.Add(part);
        await _state.PutAsync(Key, JsonSerializer.SerializeToUtf8Bytes(_parts, Json), cancellationToken);
    }
}
