using Olist.Pipeline.Model;
using Olist.Pipeline.Model.Redefining;
using Olist.Streaming;
using Olist.Pipeline.Steps.Topics;

namespace Olist.Pipeline.Steps.Publishing;

/// <summary>Sends a range of a dataset's message sequence into the log: in event order, paced or as fast as it goes, each message once even when it broke off before.</summary>
/// <remarks>Messages go out in rounds: within a round several topics are encoded at once, and a round is flushed before the next begins, so topics run apart by a round at most.</remarks>
public sealed class DatasetPublisher(IEventLog log, TopicEncoders encoders, TimeProvider time)
{
    /// <summary>Messages per round at full speed.</summary>
    const int RoundMessages = 100_000;

    /// <param name="messages">The dataset as messages.</param>
    /// <param name="part">Which of them, and under which producer name.</param>
    /// <param name="pace">How long to wait between events.</param>
    /// <param name="onProgress">Called with the number of the next message after each round.</param>
    /// <param name="cancellationToken">Stops between rounds; what was flushed stays and is not sent again.</param>
    public async Task PublishAsync(Redefinition messages, ReplayLedger.Part part, ReplayPace pace, Action<long>? onProgress, CancellationToken cancellationToken)
    {
        await using var lanes = new PublishLanes(log, encoders, messages, part.ProducerName);
        var unpaced = double.IsPositiveInfinity(pace.SpeedFactor);
        var clock = new ReplayClock(pace);
        var started = time.GetTimestamp();
        var at = (int)part.Start;
        while (at < part.EndExcl)
        {
            cancellationToken.ThrowIfCancellationRequested();
            clock.Advance(messages.Sequence.Times[at]);
            var early = clock.Due - time.GetElapsedTime(started);
            if (!unpaced && early > TimeSpan.Zero) await Task.Delay(early, time, cancellationToken);
            var end = unpaced ? (int)Math.Min(at + RoundMessages, part.EndExcl) : EndOfEvent(messages.Sequence, at, (int)part.EndExcl);
            await lanes.SendAsync(at, end, time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
            onProgress?.Invoke(end);
            at = end;
        }
    }

    /// <summary>Messages of one event share its time.</summary>
    static int EndOfEvent(MessageSequence messages, int start, int limit)
    {
        var end = start + 1;
        while (end < limit && messages.Times[end] == messages.Times[start]) end++;
        return end;
    }
}
