namespace Olist.Lake;

/// <summary>A table or the lake could not do what was asked; the message names table, file and the way out. Subclasses are different next steps.</summary>
public class LakeException : Exception
{
    public LakeException() { }
    public LakeException(string message) : base(message) { }
    public LakeException(string message, Exception? innerException) : base(message, innerException) { }
}
