namespace Olist.Formats;

/// <summary>Bytes are not what their format says, or use a part of it that is not supported; the message names file and place.</summary>
public class FormatViolationException : Exception
{
    public FormatViolationException(string message) : base(message) { }
    public FormatViolationException(string message, Exception innerException) : base(message, innerException) { }
    public FormatViolationException() { }
}
