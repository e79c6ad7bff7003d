namespace Olist.FunctionsHost.DurableTask.Client.Entities;

/// <summary>Which entities to list.</summary>
public record EntityQuery
{
    public const int DefaultPageSize = 100;

    string? _instanceIdStartsWith;

    /// <summary>Name, or <c>@name@key</c> prefix; kept as <c>@name...</c> in lower case up to the key.</summary>
    public string? InstanceIdStartsWith
    {
        get => _instanceIdStartsWith;
        init => _instanceIdStartsWith = value is null ? null : Normalize(value);
    }

    public DateTimeOffset? LastModifiedFrom { get; init; }
    public DateTimeOffset? LastModifiedTo { get; init; }
    public bool IncludeState { get; init; } = true;
    public bool IncludeTransient { get; init; }
    public int? PageSize { get; init; }
    public string? ContinuationToken { get; init; }

    static string Normalize(string prefix)
    {
        var text = prefix.StartsWith('@') ? prefix[1..] : prefix;
        var end = text.IndexOf('@', StringComparison.Ordinal);
#pragma warning disable CA1308 // Lower case is how entity names are stored.
        return end < 0 ? "@" + text.ToLowerInvariant() : "@" + text[..end].ToLowerInvariant() + text[end..];
#pragma warning restore CA1308
    }
}
