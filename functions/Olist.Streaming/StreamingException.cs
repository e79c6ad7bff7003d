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

/// <summary>A partition has moved to another member of the group; its records are read there again from the committed offset, so this member drops them.</summary>
public sealed class RebalancedException : StreamingException
{
    public RebalancedException() { }
    public RebalancedException(string message) : base(message) { }
    public RebalancedException(string message, Exception? innerException) : base(message, innerException) { }
}

/// <summary>There is no such topic or partition; create it first.</summary>
public sealed class UnknownTopicException : StreamingException
{
    public UnknownTopicException() { }
    public UnknownTopicException(string message) : base(message) { }
    public UnknownTopicException(string message, Exception? innerException) : base(message, innerException) { }
}
