namespace Olist.Lake.Rest;

/// <summary>What the catalog tells and allows.</summary>
public sealed record RestCatalogOptions
{
    /// <summary>How clients reach the files (<c>s3.endpoint</c>, <c>client.region</c> and the like). Everyone can read it, so it must hold no secret.</summary>
    public IReadOnlyDictionary<string, string> StorageConfig { get; init; } = new Dictionary<string, string>();

    /// <summary>Namespaces whose tables may be committed to, but not dropped: their owner keeps writing to them.</summary>
    public IReadOnlySet<string> KeptNamespaces { get; init; } = new HashSet<string>();
}
