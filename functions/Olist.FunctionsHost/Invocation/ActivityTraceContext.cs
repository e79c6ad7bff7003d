using System.Diagnostics;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Invocation;

/// <summary>Trace context of the activity that an invocation runs in.</summary>
sealed class ActivityTraceContext(Activity? activity) : TraceContext
{
    public override string TraceParent => activity?.Id ?? "";
    public override string TraceState => activity?.TraceStateString ?? "";
    public override IReadOnlyDictionary<string, string> Baggage =>
        activity is null ? base.Baggage : activity.Baggage.GroupBy(pair => pair.Key).ToDictionary(pairs => pairs.Key, pairs => pairs.First().Value ?? "");
}
