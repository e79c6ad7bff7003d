namespace Olist.Pipeline.Datasets;

/// <summary>A folder or a file is no Olist dataset as a whole; nothing has been done with it. A single bad row is a <see cref="RejectedRow"/> instead.</summary>
public sealed class DatasetException : PipelineException
{
    public DatasetException() { }
    public DatasetException(string message) : base(message) { }
    public DatasetException(string message, Exception? innerException) : base(message, innerException) { }
}
