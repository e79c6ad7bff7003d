namespace Olist.Lake;

/// <summary>The answer to a commit was lost and looking did not tell: refresh and look for <see cref="SnapshotId"/> among the snapshots before trying again.</summary>
public sealed class CommitStateUnknownException : LakeException
{
    public CommitStateUnknownException() { }
    public CommitStateUnknownException(string message) : base(message) { }
    public CommitStateUnknownException(string message, Exception? innerException) : base(message, innerException) { }

    /// <summary>The snapshot that may or may not be part of the table.</summary>
    public long SnapshotId { get; init; }
}
