using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace Olist.Functions.Tests.Measurements;

/// <summary>Which types are allocated, by the runtime's samples (one for every 100 KB): listening costs time, so only when <c>OLIST_BENCH_ALLOCATIONS</c> is set.</summary>
sealed class AllocationSampler : EventListener
{
    const EventKeywords Collector = (EventKeywords)1;

    readonly ConcurrentDictionary<string, long> _bytes = new();

    public static AllocationSampler? StartIfAsked() => Environment.GetEnvironmentVariable("OLIST_BENCH_ALLOCATIONS") is null ? null : new AllocationSampler();

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime") EnableEvents(eventSource, EventLevel.Verbose, Collector);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName is not { } name || !name.StartsWith("GCAllocationTick", StringComparison.Ordinal)) return;
        var payload = eventData.Payload!; // An event of the runtime has one.
        _bytes.AddOrUpdate((string)payload[5]!, (long)(ulong)payload[3]!, (_, sum) => sum + (long)(ulong)payload[3]!);
    }

    /// <summary>The types that took most since the last call, bytes for each of so many events.</summary>
    public IEnumerable<string> Take(int events, int types = 40)
    {
        var taken = _bytes.ToArray();
        _bytes.Clear();
        return taken.OrderByDescending(type => type.Value).Take(types).Select(type => $"{type.Value / events,6} bytes an event: {type.Key}");
    }
}
