using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Olist.FunctionsHost.Invocation;

/// <summary>Meter and activity source <c>Olist.FunctionsHost</c>.</summary>
sealed class HostInstruments : IDisposable
{
    public const string Name = "Olist.FunctionsHost";

    readonly Meter _meter;
    readonly Counter<long> _invocations;
    readonly Histogram<double> _duration;
    readonly Counter<long> _records;
    readonly Counter<long> _steps;
    readonly Counter<long> _commits;

    public HostInstruments(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _invocations = _meter.CreateCounter<long>("olist.functions.invocations", "{invocation}", "Executions of functions, by outcome");
        _duration = _meter.CreateHistogram<double>("olist.functions.duration", "s", "Executions of functions, from start to end");
        _records = _meter.CreateCounter<long>("olist.kafka.records", "{record}", "Records handed to Kafka functions");
        _steps = _meter.CreateCounter<long>("olist.durable.steps", "{step}", "Durable steps of orchestrations");
        _commits = _meter.CreateCounter<long>("olist.durable.flushes", "{flush}", "Group commits of the durable log");
    }

    public static ActivitySource Activities { get; } = new(Name);

    public Meter Meter => _meter;

    public bool MeasuresDuration => _duration.Enabled;

    public void OnInvoked(FunctionEntry function, bool failed, TimeSpan elapsed)
    {
        if (_invocations.Enabled) _invocations.Add(1, function.Tag, new KeyValuePair<string, object?>("olist.outcome", failed ? "failed" : "succeeded"));
        if (_duration.Enabled) _duration.Record(elapsed.TotalSeconds, function.Tag);
    }

    public void OnRecords(FunctionEntry function, int count) => _records.Add(count, function.Tag);

    public void OnStep() => _steps.Add(1);

    public void OnFlush() => _commits.Add(1);

    public void Dispose() => _meter.Dispose();
}
