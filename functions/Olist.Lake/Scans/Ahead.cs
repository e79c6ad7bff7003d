using System.Runtime.CompilerServices;

namespace Olist.Lake.Scans;

/// <summary>Work on a sequence, some items ahead of the consumer, results in order.</summary>
static class Ahead
{
    /// <summary>At most <paramref name="ahead"/> items are in work or waiting to be taken; leaving early cancels and awaits them.</summary>
    public static async IAsyncEnumerable<TOut> SelectAsync<TIn, TOut>(IAsyncEnumerable<TIn> source, Func<TIn, CancellationToken, ValueTask<TOut>> work, int ahead,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queue = new Queue<Task<TOut>>();
        try
        {
            await foreach (var item in source.WithCancellation(stop.Token))
            {
                while (queue.Count >= ahead) yield return await queue.Dequeue();
                queue.Enqueue(Task.Factory.StartNew(() => work(item, stop.Token).AsTask(), stop.Token, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current).Unwrap());
            }
            while (queue.Count > 0) yield return await queue.Dequeue();
        }
        finally
        {
            await stop.CancelAsync();
            // Their errors have no one to tell: the one that ended the loop is on its way.
            foreach (var task in queue) await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public static IAsyncEnumerable<TOut> SelectAsync<TIn, TOut>(IEnumerable<TIn> source, Func<TIn, CancellationToken, ValueTask<TOut>> work, int ahead, CancellationToken cancellationToken) =>
        SelectAsync(ToAsync(source), work, ahead, cancellationToken);

    /// <summary>All results, in order.</summary>
    public static async ValueTask<List<TOut>> ToListAsync<TIn, TOut>(IReadOnlyCollection<TIn> source, Func<TIn, CancellationToken, ValueTask<TOut>> work, int ahead, CancellationToken cancellationToken)
    {
        var results = new List<TOut>(source.Count);
        if (source.Count == 1) results.Add(await work(source.First(), cancellationToken));
        else await foreach (var result in SelectAsync(source, work, ahead, cancellationToken)) results.Add(result);
        return results;
    }

    /// <summary>All results, in order; what is known already is no work for another thread.</summary>
    public static async ValueTask<List<TOut>> ToListAsync<TIn, TOut>(IReadOnlyList<TIn> source, Func<TIn, TOut?> known, Func<TIn, CancellationToken, ValueTask<TOut>> work, int ahead, CancellationToken cancellationToken)
        where TOut : class
    {
        var results = new List<TOut?>(source.Count);
        var missing = new List<int>();
        for (var i = 0; i < source.Count; i++)
        {
            results.Add(known(source[i]));
            if (results[i] is null) missing.Add(i);
        }
        var at = 0;
        if (missing.Count > 0)
            foreach (var result in await ToListAsync(missing, (i, token) => work(source[i], token), ahead, cancellationToken)) results[missing[at++]] = result;
        return results!; // all are there now
    }

    static async IAsyncEnumerable<T> ToAsync<T>(IEnumerable<T> source)
    {
        await ValueTask.CompletedTask;
        foreach (var item in source) yield return item;
    }
}
