using System.Security.Cryptography;
using Olist.Formats.Columns;
using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Steps.Gold;

/// <summary>The offers (product and seller) that lines of <c>gold.fact_order_detail</c> wait for, as far as they are few: so that offers that nobody waits for, nearly all of them, need no look into all earlier orders.</summary>
/// <remarks>In the summary of the very commit that holds the lines, entry <c>olist.waiting-offers</c>: hashes of 16 hex digits, or <c>many</c>. A hash that two offers share costs a look-up in vain.</remarks>
sealed class WaitingOffers
{
    const string NoteKey = "olist.waiting-offers", Many = "many";
    const int Most = 64;

    /// <summary>Null for many.</summary>
    readonly HashSet<string>? _hashes;

    WaitingOffers(HashSet<string>? hashes) => _hashes = hashes;

    public static WaitingOffers None { get; } = new([]);

    /// <summary>Too many to be noted, or not known: any offer may be waited for.</summary>
    public bool AreMany => _hashes is null;

    /// <summary>As the target's last commit left it. A table from before there were notes may have any.</summary>
    public static WaitingOffers Read(StepInput input) => new(
        input.BaseSnapshotId is null ? []
        : input.FindNote(NoteKey) is { } note && note != Many ? [.. note.Split(' ', StringSplitOptions.RemoveEmptyEntries)]
        : null);

    public bool MayWait(RowBatch pairs, int row) => _hashes is null || (_hashes.Count > 0 && _hashes.Contains(HashOf(pairs, row)));

    /// <summary>The note for the next run.</summary>
    /// <param name="known">Offers that were found or came.</param>
    /// <param name="unknown">Offers of lines that are written without them.</param>
    public Dictionary<string, string> After(RowBatch known, RowBatch unknown)
    {
        if (_hashes is null) return Note(Many);
        var hashes = new HashSet<string>(_hashes);
        if (hashes.Count > 0)
            for (var row = 0; row < known.RowCount; row++) hashes.Remove(HashOf(known, row));
        for (var row = 0; row < unknown.RowCount && hashes.Count <= Most; row++) hashes.Add(HashOf(unknown, row));
        return Note(hashes.Count > Most ? Many : string.Join(' ', hashes.Order(StringComparer.Ordinal)));
    }

    static Dictionary<string, string> Note(string text) => new() { [NoteKey] = text };

    static string HashOf(RowBatch pairs, int row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var column in pairs.Columns)
        {
            var value = ((BytesColumn)column)[row];
            hash.AppendData(BitConverter.GetBytes(value.Length));
            hash.AppendData(value);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
