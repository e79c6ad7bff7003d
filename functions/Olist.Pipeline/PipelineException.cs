namespace Olist.Pipeline;

/// <summary>The pipeline refuses to go on; the message says what it found, where, and the way out.</summary>
public class PipelineException : Exception
{
    public PipelineException() { }
    public PipelineException(string message) : base(message) { }
    public PipelineException(string message, Exception? innerException) : base(message, innerException) { }
}
