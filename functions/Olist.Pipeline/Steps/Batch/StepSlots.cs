namespace Olist.Pipeline.Steps.Batch;

/// <summary>Lets some steps run at a time; of those that wait, the one that most others wait behind goes first. Safe to use from many threads.</summary>
/// <param name="count">Steps at a time.</param>
sealed class StepSlots(int count)
{
    readonly Lock _lock = new();
    readonly PriorityQueue<TaskCompletionSource, (int Urgency, int Arrival)> _waiting = new();
    int _free = count;
    int _arrivals;

    /// <summary>Waits for a slot, which <see cref="Release"/> gives back.</summary>
    /// <param name="urgency">The higher, the sooner; equal ones in the order in which they came.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task TakeAsync(int urgency, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Enqueue(turn, (-urgency, _arrivals++));
            Grant();
        }
        await using var cancellation = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
        await turn.Task;
    }

    public void Release()
    {
        lock (_lock)
        {
            _free++;
            Grant();
        }
    }

    void Grant()
    {
        // Who has given up waiting takes no slot.
        while (_free > 0 && _waiting.TryDequeue(out var turn, out _))
            if (turn.TrySetResult()) _free--;
    }
}
