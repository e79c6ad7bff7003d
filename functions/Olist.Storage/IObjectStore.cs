using System.Runtime.CompilerServices;

namespace Olist.Storage;

/// <summary>Named immutable byte strings under one root: a local folder or an S3 prefix. All members are safe to call from many threads and processes.</summary>
/// <remarks>Objects appear whole or not at all, whatever happens to the writer. Keys are relative, with forward slashes; <c>..</c>, empty segments and a leading slash are refused.</remarks>
public interface IObjectStore
{
    /// <summary>The absolute URI of the root without a trailing slash, as table metadata spells it: <c>file:///data/lake</c>, <c>s3://bucket/prefix</c>.</summary>
    string RootUri { get; }

    /// <summary>Size and age, or <see langword="null"/> when there is no such object.</summary>
    ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>The whole object.</summary>
    /// <exception cref="ObjectNotFoundException">There is none.</exception>
    ValueTask<byte[]> ReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Fills <paramref name="destination"/> from the object's <paramref name="offset"/>.</summary>
    /// <exception cref="ObjectNotFoundException">There is none.</exception>
    /// <exception cref="EndOfStreamException">It is shorter.</exception>
    ValueTask ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Creates the object whole, unless one of that name exists.</summary>
    /// <returns>False when somebody else's object is there; of many racing callers exactly one gets true.</returns>
    /// <exception cref="StoreOutcomeUnknownException">The answer was lost and looking did not tell.</exception>
    ValueTask<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Creates or replaces the object, whole.</summary>
    ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>As <see cref="PutAsync"/>, but after a power loss the object may be one that it replaced, whole: for what only says where to begin to look.</summary>
    ValueTask ReplaceAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => PutAsync(key, content, cancellationToken);

    /// <summary>A stream whose bytes become the object when <see cref="ObjectWriter.CompleteAsync"/> returns; disposed before that, nothing stays.</summary>
    ValueTask<ObjectWriter> OpenWriteAsync(string key, CancellationToken cancellationToken);

    /// <summary>All objects whose key starts with <paramref name="prefix"/>, in key order (ordinal). Objects written meanwhile may be missing.</summary>
    IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Names of the folders directly below <paramref name="folder"/> (empty: the root; else with a trailing slash) that hold any object, in ordinal order.</summary>
    /// <remarks>The body here is right for any store, but reads the whole listing; stores that can ask for folders alone do so.</remarks>
    async IAsyncEnumerable<string> ListFoldersAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? last = null;
        await foreach (var info in ListAsync(folder, cancellationToken))
        {
            var end = info.Key.IndexOf('/', folder.Length);
            if (end < 0) continue;
            var name = info.Key[folder.Length..end];
            if (name == last) continue;
            last = name;
            yield return name;
        }
    }

    /// <summary>Removes the object; it is fine when there is none.</summary>
    ValueTask DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>For several objects of which none counts before all are there, as the files of a commit before its metadata.</summary>
    WriteGroup BeginWrites() => new(this);
}
