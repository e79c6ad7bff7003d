namespace Olist.Lake;

/// <summary>There is something at the place of a table, but no table.</summary>
public sealed class NotATableException : LakeException
{
    public NotATableException() { }
    public NotATableException(string message) : base(message) { }
    public NotATableException(string message, Exception? innerException) : base(message, innerException) { }
}
