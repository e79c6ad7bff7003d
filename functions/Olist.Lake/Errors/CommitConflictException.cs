namespace Olist.Lake;

/// <summary>Somebody else changed what the change was computed from, or kept winning: refresh the table and compute the change again. Nothing was committed.</summary>
public sealed class CommitConflictException : LakeException
{
    public CommitConflictException() { }
    public CommitConflictException(string message) : base(message) { }
    public CommitConflictException(string message, Exception? innerException) : base(message, innerException) { }
}
