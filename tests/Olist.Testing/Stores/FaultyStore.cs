using System.Runtime.CompilerServices;
using Olist.Storage;

namespace Olist.Testing.Stores;

/// <summary>A store in front of another one that goes wrong when told to.</summary>
public sealed class FaultyStore(IObjectStore inner) : IObjectStore
{
    readonly RecentChanges _recent = new();
    readonly LateRequests _late = new();
    int _calls;
    int _writes;
    volatile bool _dead;

    /// <summary>Decides about each call; called from any thread.</summary>
    public Func<StoreCall, Fault> Faults { get; set; } = _ => Fault.None;

    /// <summary>Awaited before each call: a slow store is one whose task the test completes late.</summary>
    public Func<StoreCall, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Calls after which a <see cref="Fault.Late"/> request happens.</summary>
    public int LateBy { get; set; } = 3;

    /// <summary>The objects as they really are.</summary>
    public IObjectStore Inner => inner;

    public int Calls => Volatile.Read(ref _calls);
    public int Writes => Volatile.Read(ref _writes);
    public string RootUri => inner.RootUri;

    /// <summary>Whether the process died and lives no more.</summary>
    public bool IsDead => _dead;

    /// <summary>Whether a create is on its way whose sender has given up.</summary>
    public bool HasLateCreate => _late.HasCreate;

    /// <summary>All requests that are late happen now.</summary>
    public Task SettleAsync() => _late.LandAsync(int.MaxValue);

    async ValueTask<Fault> EnterAsync(StoreVerb verb, string key)
    {
        var writes = verb is StoreVerb.Create or StoreVerb.Put ? Interlocked.Increment(ref _writes) : 0;
        var call = new StoreCall(verb, key, Interlocked.Increment(ref _calls), writes);
        await _late.LandAsync(call.Number);
        await Before(call);
        var fault = _dead ? Fault.Dead : Faults(call);
        if (fault == Fault.Dead) _dead = true;
        return fault is Fault.Dead or Fault.ErrorBefore ? throw new StoreException($"{fault} injected at {call}.") : fault;
    }

    /// <summary>Does it, or has it done later; then answers, or does not.</summary>
    async ValueTask<T> DoAsync<T>(StoreVerb verb, Fault fault, string key, Func<ValueTask<T>> request)
    {
        if (fault == Fault.Late) _late.Add(verb, Calls + LateBy, async () => await ChangeAsync(key, request));
        else
        {
            var answer = await ChangeAsync(key, request);
            if (fault != Fault.LostAnswer) return answer;
        }
        throw new StoreOutcomeUnknownException($"{fault} injected at {key}.");
    }

    async ValueTask<T> ChangeAsync<T>(string key, Func<ValueTask<T>> request)
    {
        var before = await inner.FindAsync(key, CancellationToken.None);
        var answer = await request();
        _recent.Add(key, before);
        return answer;
    }

    public async ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken)
    {
        await EnterAsync(StoreVerb.Find, key);
        return await inner.FindAsync(key, cancellationToken);
    }

    public async ValueTask<byte[]> ReadAsync(string key, CancellationToken cancellationToken)
    {
        await EnterAsync(StoreVerb.Read, key);
        return await inner.ReadAsync(key, cancellationToken);
    }

    public async ValueTask ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        await EnterAsync(StoreVerb.Read, key);
        await inner.ReadAsync(key, offset, destination, cancellationToken);
    }

    public async ValueTask<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var fault = await EnterAsync(StoreVerb.Create, key);
        if (fault == Fault.TornPut) throw new StoreException($"{fault} injected at {key}.");
        var sent = fault == Fault.Late ? content.ToArray() : content; // the caller may use its buffer again
        return await DoAsync(StoreVerb.Create, fault, key, () => inner.TryCreateAsync(key, sent, CancellationToken.None));
    }

    public async ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var fault = await EnterAsync(StoreVerb.Put, key);
        var sent = fault == Fault.Late ? content.ToArray() : fault == Fault.TornPut ? content[..(content.Length / 2)] : content;
        await DoAsync(StoreVerb.Put, fault, key, async () =>
        {
            await inner.PutAsync(key, sent, CancellationToken.None);
            return true;
        });
        if (fault == Fault.TornPut) throw new StoreException($"{fault} injected at {key}.");
    }

    public ValueTask<ObjectWriter> OpenWriteAsync(string key, CancellationToken cancellationToken) => new(new BufferedObjectWriter(this, ObjectKeys.Validate(key)));

    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listing = inner.ListAsync(prefix, cancellationToken);
        if (await EnterAsync(StoreVerb.List, prefix) == Fault.StaleList) listing = _recent.UndoAsync(listing, prefix, cancellationToken);
        await foreach (var info in listing) yield return info;
    }

    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var fault = await EnterAsync(StoreVerb.Delete, key);
        await DoAsync(StoreVerb.Delete, fault, key, async () =>
        {
            await inner.DeleteAsync(key, CancellationToken.None);
            return true;
        });
    }
}
