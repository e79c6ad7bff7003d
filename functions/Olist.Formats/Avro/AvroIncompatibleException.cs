namespace Olist.Formats.Avro;

/// <summary>A reader's schema can't read what a writer's schema writes; the message tells each field and why.</summary>
public sealed class AvroIncompatibleException : FormatViolationException
{
    public AvroIncompatibleException() { }
    public AvroIncompatibleException(string message) : base(message) { }
    public AvroIncompatibleException(string message, Exception innerException) : base(message, innerException) { }
}
