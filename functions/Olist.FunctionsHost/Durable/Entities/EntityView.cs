namespace Olist.FunctionsHost.Durable.Entities;

/// <summary>An entity as a client is shown it.</summary>
sealed record EntityView(string Id, byte[]? State, DateTime ModifiedAt, int Backlog, EntityCaller? LockedBy);

/// <summary>Where a page of a listing ended.</summary>
sealed record EntityPlace(ulong Hash, string Id)
{
    public override string ToString() => $"{Hash:x16}{Id}";

    /// <exception cref="ArgumentException">The text is no continuation token.</exception>
    public static EntityPlace? Parse(string? token)
    {
        if (string.IsNullOrEmpty(token)) return null;
        if (token.Length > 16 && ulong.TryParse(token.AsSpan(0, 16), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var hash)) return new EntityPlace(hash, token[16..]);
        throw new ArgumentException($"'{token}' is not a continuation token of an entity query; pass back what the last page gave, or none.", nameof(token));
    }
}

/// <summary>A page of a listing.</summary>
sealed record EntityPage(IReadOnlyList<EntityView> Views, EntityPlace? Next);
