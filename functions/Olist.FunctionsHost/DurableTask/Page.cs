namespace Olist.FunctionsHost.DurableTask;

/// <summary>Some results, and the token with which to ask for the next ones (null: no more).</summary>
public sealed class Page<T>
{
    public Page(IReadOnlyList<T> values, string? continuationToken = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        Values = values;
        ContinuationToken = continuationToken;
    }

    public IReadOnlyList<T> Values { get; }
    public string? ContinuationToken { get; }
}
