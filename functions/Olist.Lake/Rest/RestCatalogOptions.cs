namespace Olist.Lake.Rest;

/// <summary>What the catalog tells and allows.</summary>
public sealed record RestCatalogOptions
{
    /// <summary>How clients reach the files (<c>s3.endpoint</c>, <c>client.region</c> and the like). Everyone can read it, so it must hold no secret.</summary>
    public IReadOnlyDictionary<string, string> StorageConfig { get; init; } = new Dictionary<string, string>();

    /// <summary>Namespaces whose tables may be committed to, but not dropped: their owner keeps writing to them.</summary>
    public IReadOnlySet<string> KeptNamespaces { get; init; } = new HashSet<string>();

    /// <summary>The snapshots of a table that its owner's readers will read on from: a commit that removes one of them, or one after it, is refused. Asked only when a commit removes snapshots. Null: nobody needs any.</summary>
    public Func<TableName, CancellationToken, ValueTask<IReadOnlyCollection<long>>>? NeededSnapshots { get; init; }

    /// <summary>Summary entries whose newest value must stay in reach, as in <see cref="MaintenanceOptions.KeepSummaryPrefixes"/>.</summary>
    public IReadOnlyList<string> KeepSummaryPrefixes { get; init; } = new MaintenanceOptions().KeepSummaryPrefixes;
}
