namespace Olist.FunctionsHost.Hosting;

/// <summary>A file of the durable state holds bytes that no host wrote there; the message names file and offset. Nothing behind them is guessed.</summary>
public sealed class CorruptStateException : FunctionsHostException
{
    public CorruptStateException() { }
    public CorruptStateException(string message) : base(message) { }
    public CorruptStateException(string message, Exception? innerException) : base(message, innerException) { }
}
