namespace Olist.Lake;

/// <summary>A file of the table is missing, damaged or contradicts another; the message names it. Nothing is guessed: restore the file, or roll back to a snapshot that does not use it.</summary>
public sealed class CorruptTableException : LakeException
{
    public CorruptTableException() { }
    public CorruptTableException(string message) : base(message) { }
    public CorruptTableException(string message, Exception? innerException) : base(message, innerException) { }
}
