using System.Runtime.CompilerServices;
using Olist.Storage;

namespace Olist.Testing.Stores;

public enum StoreVerb { Find, Read, Create, Put, List, Delete }

/// <summary>One call to a <see cref="FaultyStore"/>.</summary>
/// <param name="Verb">What was asked; a streamed write is a <see cref="StoreVerb.Put"/> at its completion.</param>
/// <param name="Key">Of which object (for a listing, the prefix).</param>
/// <param name="Number">Counted over all calls from 1.</param>
/// <param name="WriteNumber">Counted over creates and puts from 1; 0 for other calls.</param>
public readonly record struct StoreCall(StoreVerb Verb, string Key, int Number, int WriteNumber);

/// <summary>How a call goes wrong.</summary>
public enum Fault
{
    None,
    /// <summary>Nothing happens; a <see cref="StoreException"/> says so.</summary>
    ErrorBefore,
    /// <summary>All happens, but the answer is a <see cref="StoreOutcomeUnknownException"/>.</summary>
    LostAnswer,
    /// <summary>Half of the bytes become the object (what a store must not do), then an error.</summary>
    TornPut,
    /// <summary>The process dies here: nothing happens, and every later call fails too.</summary>
    Dead,
}

/// <summary>A store in front of another one that goes wrong when told to.</summary>
public sealed class FaultyStore(IObjectStore inner) : IObjectStore
{
    int _calls;
    int _writes;
    volatile bool _dead;

    /// <summary>Decides about each call; called from any thread.</summary>
    public Func<StoreCall, Fault> Faults { get; set; } = _ => Fault.None;

    /// <summary>Awaited before each call: a slow store is one whose task the test completes late.</summary>
    public Func<StoreCall, Task> Before { get; set; } = _ => Task.CompletedTask;

    public int Calls => Volatile.Read(ref _calls);
    public int Writes => Volatile.Read(ref _writes);
    public string RootUri => inner.RootUri;

    async ValueTask<Fault> EnterAsync(StoreVerb verb, string key)
    {
        var writes = verb is StoreVerb.Create or StoreVerb.Put ? Interlocked.Increment(ref _writes) : 0;
        var call = new StoreCall(verb, key, Interlocked.Increment(ref _calls), writes);
        await Before(call);
        var fault = _dead ? Fault.Dead : Faults(call);
        if (fault == Fault.Dead) _dead = true;
        return fault is Fault.Dead or Fault.ErrorBefore ? throw new StoreException($"{fault} injected at {call}.") : fault;
    }

    static void Leave(Fault fault, string key)
    {
        if (fault == Fault.LostAnswer) throw new StoreOutcomeUnknownException($"{fault} injected at {key}.");
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
        if (fault == Fault.TornPut) await TearAsync(key, content, cancellationToken);
        var created = await inner.TryCreateAsync(key, content, cancellationToken);
        Leave(fault, key);
        return created;
    }

    public async ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var fault = await EnterAsync(StoreVerb.Put, key);
        if (fault == Fault.TornPut) await TearAsync(key, content, cancellationToken);
        await inner.PutAsync(key, content, cancellationToken);
        Leave(fault, key);
    }

    async ValueTask TearAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await inner.PutAsync(key, content[..(content.Length / 2)], cancellationToken);
        throw new StoreException($"{Fault.TornPut} injected at {key}.");
    }

    public ValueTask<ObjectWriter> OpenWriteAsync(string key, CancellationToken cancellationToken) => new(new BufferedObjectWriter(this, ObjectKeys.Validate(key)));

    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await EnterAsync(StoreVerb.List, prefix);
        await foreach (var info in inner.ListAsync(prefix, cancellationToken)) yield return info;
    }

    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var fault = await EnterAsync(StoreVerb.Delete, key);
        await inner.DeleteAsync(key, cancellationToken);
        Leave(fault, key);
    }
}
