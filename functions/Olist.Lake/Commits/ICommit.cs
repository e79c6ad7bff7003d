using Olist.Lake.Metadata;
using Olist.Storage;

namespace Olist.Lake.Commits;

/// <summary>What <see cref="CommitLoop"/> drives: files once, then the next metadata on top of each head that is tried. Used for one commit, by one caller at a time.</summary>
interface ICommit
{
    /// <summary>Writes what does not depend on the head.</summary>
    ValueTask PrepareAsync(TableMetadata metadata, CancellationToken cancellationToken);

    /// <summary>Throws when the change can't go on top of this head.</summary>
    /// <exception cref="CommitConflictException">It has to be computed again.</exception>
    ValueTask CheckAsync(TableMetadata head, CancellationToken cancellationToken);

    /// <summary>The next metadata; the head itself when there is nothing to change.</summary>
    ValueTask<TableMetadata> ApplyAsync(TableMetadata head, int attempt, CancellationToken cancellationToken);

    /// <summary>Called with each version that is about to be published, which waits for it; throws to refuse.</summary>
    ValueTask AwaitTurnAsync(TableVersion next, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>What its files were written through: metadata that is created through it comes after they are durable. Null for a commit without files.</summary>
    WriteGroup? Writes => null;

    /// <summary>Removes everything this commit wrote; only when it surely is not part of the table.</summary>
    ValueTask AbandonAsync();
}
