namespace Olist.Functions.Serving;

/// <summary>The request can't be answered as it stands; the message tells the caller what to change.</summary>
public sealed class BadRequestException : Exception
{
    public BadRequestException() { }
    public BadRequestException(string message) : base(message) { }
    public BadRequestException(string message, Exception innerException) : base(message, innerException) { }
}
