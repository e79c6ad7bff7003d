namespace Olist.Lake;

/// <summary>The table is well formed, but uses a part of the format that is not supported here: a newer version, a type, a file format.</summary>
public sealed class UnsupportedFormatException : LakeException
{
    public UnsupportedFormatException() { }
    public UnsupportedFormatException(string message) : base(message) { }
    public UnsupportedFormatException(string message, Exception? innerException) : base(message, innerException) { }
}
