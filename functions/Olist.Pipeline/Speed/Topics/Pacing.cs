namespace Olist.Pipeline.Speed.Topics;

/// <summary>Keeps batches from being tiny when much comes: each costs writes, wakes readers and builds columns, however few records it has.</summary>
/// <remarks>Below <see cref="BusyPerSecond"/> nothing ever waits. For one loop at a time.</remarks>
/// <param name="clock">The machine's, whatever time is for the pipeline.</param>
sealed class Pacing(TimeProvider clock)
{
    /// <summary>Ten times what the latency promise is measured with.</summary>
    const int BusyPerSecond = 10_000;

    /// <summary>Behind a batch of so many there is no need to wait.</summary>
    const int FullBatch = 128;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1), Window = TimeSpan.FromMilliseconds(10);

    long _since = clock.GetTimestamp();
    int _count;
    bool _isBusy;

    /// <summary>Completes when the next batch may be taken.</summary>
    /// <param name="records">Of the batch that is done.</param>
    public Task AfterAsync(int records)
    {
        _count += records;
        if (clock.GetElapsedTime(_since) is var elapsed && elapsed > Window)
            (_isBusy, _since, _count) = (_count > BusyPerSecond * elapsed.TotalSeconds, clock.GetTimestamp(), 0);
        return _isBusy && records < FullBatch ? Task.Delay(Pause, clock) : Task.CompletedTask;
    }
}
