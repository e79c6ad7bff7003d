namespace Olist.Pipeline.Steps;

/// <summary>Wall time per stage, in the order the stages ran.</summary>
sealed class Stopwatches(TimeProvider time)
{
    readonly Dictionary<string, double> _seconds = [];
    readonly long _started = time.GetTimestamp();

    public async Task<T> MeasureAsync<T>(string stage, Func<Task<T>> work)
    {
        var started = time.GetTimestamp();
        var result = await work();
        _seconds[stage] = time.GetElapsedTime(started).TotalSeconds;
        return result;
    }

    public IReadOnlyDictionary<string, double> Total()
    {
        _seconds["total"] = time.GetElapsedTime(_started).TotalSeconds;
        return _seconds;
    }
}
