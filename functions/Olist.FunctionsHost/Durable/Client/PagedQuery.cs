using System.Runtime.CompilerServices;
using Olist.FunctionsHost.DurableTask;

namespace Olist.FunctionsHost.Durable.Client;

/// <summary>Results fetched page by page; the token is the id of the last result.</summary>
sealed class PagedQuery<T>(Func<string?, int, Task<IReadOnlyList<T>>> fetch, Func<T, string> idOf, int pageSize, string? start) : AsyncPageable<T> where T : notnull
{
    public override IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = default, int? pageSizeHint = default) => IterateAsync(continuationToken ?? start, pageSizeHint ?? pageSize);

    async IAsyncEnumerable<Page<T>> IterateAsync(string? after, int size, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var values = await fetch(after, size);
            after = values.Count == size ? idOf(values[^1]) : null;
            yield return new Page<T>(values, after);
            if (after is null) yield break;
        }
    }
}
