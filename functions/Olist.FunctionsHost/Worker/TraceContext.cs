using System.Collections.ObjectModel;

namespace Olist.FunctionsHost.Worker;

/// <summary>The W3C trace context of an invocation.</summary>
public abstract class TraceContext
{
    public abstract string TraceParent { get; }
    public abstract string TraceState { get; }
    public virtual IReadOnlyDictionary<string, string> Attributes { get; } = ReadOnlyDictionary<string, string>.Empty;
    public virtual IReadOnlyDictionary<string, string> Baggage { get; } = ReadOnlyDictionary<string, string>.Empty;
}
