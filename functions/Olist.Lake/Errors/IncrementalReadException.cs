namespace Olist.Lake;

/// <summary>Why rows added between two snapshots can't be told.</summary>
public enum IncrementalReadFailure
{
    /// <summary>The start is no longer among the snapshots, so appends after it may be lost from view.</summary>
    Expired,
    /// <summary>The start is listed, but is no ancestor of the end: the table was rolled back, or the end lies before the start.</summary>
    RolledBack,
    /// <summary>The end is not among the snapshots.</summary>
    UnknownEnd,
    /// <summary>A snapshot in between removed or replaced rows in a way that this project did not write.</summary>
    RowsRewritten,
    /// <summary>Files added in between are gone, and what became of their rows can't be told.</summary>
    FilesGone,
}

/// <summary>The rows added between two snapshots can't be told apart from the rest; the message names table, snapshot and the way out (a full read, in the end).</summary>
public sealed class IncrementalReadException : LakeException
{
    public IncrementalReadException() { }
    public IncrementalReadException(string message) : base(message) { }
    public IncrementalReadException(string message, Exception? innerException) : base(message, innerException) { }

    public IncrementalReadFailure Failure { get; init; }

    /// <summary>The snapshot that is in the way; for a rollback the newest one that start and end have in common, if any.</summary>
    public long? SnapshotId { get; init; }
}
