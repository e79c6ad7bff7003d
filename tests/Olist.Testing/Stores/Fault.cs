namespace Olist.Testing.Stores;

/// <summary>How a call to a <see cref="FaultyStore"/> goes wrong.</summary>
public enum Fault
{
    None,
    /// <summary>Nothing happens; a <see cref="Storage.StoreException"/> says so.</summary>
    ErrorBefore,
    /// <summary>All happens, but the answer is a <see cref="Storage.StoreOutcomeUnknownException"/>.</summary>
    LostAnswer,
    /// <summary>Slow: the caller hears <see cref="Storage.StoreOutcomeUnknownException"/>, and the write or removal happens <see cref="FaultyStore.LateBy"/> calls later.</summary>
    Late,
    /// <summary>
    /// The writer dies half way. A put leaves half of the bytes under the name, which is more than any store here does: a folder keeps them in a temporary file, S3 in parts of an upload that nobody completes,
    /// and a reader must not depend on that. A create leaves nothing: half of an object under a name that is only given once would be a store that breaks its first promise.
    /// </summary>
    TornPut,
    /// <summary>A listing of some time ago: what was written lately is missing, what was removed lately is there.</summary>
    StaleList,
    /// <summary>The process dies here: nothing happens, and every later call fails too.</summary>
    Dead,
}

public enum StoreVerb { Find, Read, Create, Put, List, Delete }

/// <summary>One call to a <see cref="FaultyStore"/>.</summary>
/// <param name="Verb">What was asked; a streamed write is a <see cref="StoreVerb.Put"/> at its completion.</param>
/// <param name="Key">Of which object (for a listing, the prefix).</param>
/// <param name="Number">Counted over all calls from 1.</param>
/// <param name="WriteNumber">Counted over creates and puts from 1; 0 for other calls.</param>
public readonly record struct StoreCall(StoreVerb Verb, string Key, int Number, int WriteNumber);
