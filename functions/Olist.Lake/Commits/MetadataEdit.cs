using Olist.Lake.Metadata;

namespace Olist.Lake.Commits;

/// <summary>A commit that writes no files and makes no snapshot: the next metadata is computed from each head that is tried.</summary>
/// <param name="edit">Gives the new document, or the same one when nothing changes; its time is set here. Throws to refuse.</param>
sealed class MetadataEdit(TableContext table, Func<TableMetadata, long, TableMetadata> edit) : ICommit
{
    public ValueTask PrepareAsync(TableMetadata metadata, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask CheckAsync(TableMetadata head, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<TableMetadata> ApplyAsync(TableMetadata head, int attempt, CancellationToken cancellationToken)
    {
        var now = Math.Max(table.Time.GetUtcNow().ToUnixTimeMilliseconds(), head.LastUpdatedMs + 1);
        var next = edit(head, now);
        return new(ReferenceEquals(next, head) ? head : next with { LastUpdatedMs = now });
    }

    public ValueTask AbandonAsync() => ValueTask.CompletedTask;
}
