namespace Olist.Storage;

/// <summary>What may be the name of an object: the same in every store, so that a lake can move between them.</summary>
public static class ObjectKeys
{
    /// <summary>Longest key in UTF-8 bytes; S3 allows 1,024 with the prefix of the store.</summary>
    public const int MaxBytes = 900;

    /// <summary>First segment that stores keep for themselves: files on their way to become objects.</summary>
    public const string ReservedFolder = ".tmp";

    /// <exception cref="ArgumentException">The key is empty, too long, has empty, <c>.</c> or <c>..</c> segments, a backslash or control characters, or starts with the reserved folder.</exception>
    public static string Validate(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (Fault(key) is { } fault)
            throw new ArgumentException($"Object key '{key}' {fault}. Keys are relative paths with forward slashes, such as bronze/payment/metadata/v1.metadata.json.", nameof(key));
        return key;
    }

    static string? Fault(string key)
    {
        if (key[0] == '/') return "starts with a slash";
        if (key[^1] == '/') return "ends with a slash";
        if (System.Text.Encoding.UTF8.GetByteCount(key) > MaxBytes) return $"is longer than {MaxBytes} bytes";
        foreach (var character in key)
            if (character == '\\' || char.IsControl(character)) return "has a backslash or a control character";
        var first = true;
        foreach (var range in key.AsSpan().Split('/'))
        {
            var segment = key.AsSpan(range);
            if (segment.IsEmpty) return "has an empty segment";
            if (segment is "." or "..") return $"has the segment {segment}";
            if (first && segment.SequenceEqual(ReservedFolder)) return $"is in {ReservedFolder}, which the store keeps for itself";
            first = false;
        }
        return null;
    }

    /// <summary>The part of a listing's prefix that is a whole folder: up to and with its last slash.</summary>
    internal static string FolderOf(string prefix) => prefix[..(prefix.LastIndexOf('/') + 1)];
}
