namespace Olist.Testing.Stores;

/// <summary>Requests that a store received, whose sender has given up, and that happen all the same. Safe to use from many threads.</summary>
sealed class LateRequests
{
    readonly Lock _lock = new();
    readonly List<(StoreVerb Verb, int Due, Func<Task> Request)> _waiting = [];

    public bool HasCreate
    {
        get
        {
            lock (_lock) return _waiting.Exists(waiting => waiting.Verb == StoreVerb.Create);
        }
    }

    public void Add(StoreVerb verb, int due, Func<Task> request)
    {
        lock (_lock) _waiting.Add((verb, due, request));
    }

    /// <summary>Those that are due happen, in the order they came in.</summary>
    public async Task LandAsync(int call)
    {
        Func<Task>[] due;
        lock (_lock)
        {
            if (_waiting.Count == 0) return;
            due = [.. _waiting.Where(waiting => waiting.Due <= call).Select(waiting => waiting.Request)];
            _waiting.RemoveAll(waiting => waiting.Due <= call);
        }
        foreach (var request in due) await request();
    }
}
