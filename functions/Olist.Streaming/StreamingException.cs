namespace Olist.Streaming;

/// <summary>The event log could not do what was asked; the message names topic, partition, segment or file, and the way out.</summary>
public class StreamingException : Exception
{
    public StreamingException() { }
    public StreamingException(string message) : base(message) { }
    public StreamingException(string message, Exception? innerException) : base(message, innerException) { }
}

/// <summary>A segment holds bytes that no writer wrote there; nothing behind them is guessed.</summary>
public sealed class CorruptLogException : StreamingException
{
    public CorruptLogException() { }
    public CorruptLogException(string message) : base(message) { }
    public CorruptLogException(string message, Exception? innerException) : base(message, innerException) { }
}

/// <summary>Another process is using the state folder.</summary>
public sealed class StateInUseException : StreamingException
{
    public StateInUseException() { }
    public StateInUseException(string message) : base(message) { }
    public StateInUseException(string message, Exception? innerException) : base(message, innerException) { }
}
