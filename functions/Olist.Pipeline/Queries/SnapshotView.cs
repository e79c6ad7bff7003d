using Olist.Lake;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Pipeline.Queries;

/// <summary>An answer prepared from the heads of some tables, made anew when one of them has moved.</summary>
/// <remarks>Safe for many callers: one of them prepares, the others wait for it. A failed preparation is tried again by the next caller.</remarks>
public sealed class SnapshotView<T>(LakeTables lake, IReadOnlyList<string> tables, Func<IReadOnlyDictionary<string, LakeTable>, CancellationToken, Task<T>> prepare) : IDisposable
    where T : class
{
    readonly SemaphoreSlim _gate = new(1);
    Prepared? _current;

    sealed record Prepared(AsOf AsOf, T Value);

    /// <summary>The answer and what it was made of.</summary>
    public async Task<(T Value, AsOf AsOf)> GetAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var opened = new Dictionary<string, LakeTable>();
            foreach (var name in tables) opened.Add(name, await lake.EnsureAsync(name, cancellationToken));
            var asOf = AsOf.Of(opened.Values);
            if (_current is null || !_current.AsOf.Equals(asOf)) _current = new Prepared(asOf, await prepare(opened, cancellationToken));
            return (_current.Value, asOf);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
