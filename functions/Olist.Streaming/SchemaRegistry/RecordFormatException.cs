namespace Olist.Streaming.SchemaRegistry;

/// <summary>A record's bytes can't be turned into a row: the record goes to the dead letters. Each subclass is one error class there.</summary>
public abstract class RecordFormatException : StreamingException
{
    private protected RecordFormatException() { }
    private protected RecordFormatException(string message) : base(message) { }
    private protected RecordFormatException(string message, Exception? innerException) : base(message, innerException) { }
}

/// <summary>The value does not begin with the magic byte and a schema id.</summary>
public sealed class NotFramedException : RecordFormatException
{
    public NotFramedException() { }
    public NotFramedException(string message) : base(message) { }
    public NotFramedException(string message, Exception? innerException) : base(message, innerException) { }
}

/// <summary>The registry has no schema of that id. It may come later: the record can be tried again.</summary>
public sealed class UnknownSchemaException : RecordFormatException
{
    public UnknownSchemaException() { }
    public UnknownSchemaException(string message) : base(message) { }
    public UnknownSchemaException(string message, Exception? innerException) : base(message, innerException) { }
}

/// <summary>The body is not what its schema says.</summary>
public sealed class MalformedRecordException : RecordFormatException
{
    public MalformedRecordException() { }
    public MalformedRecordException(string message) : base(message) { }
    public MalformedRecordException(string message, Exception? innerException) : base(message, innerException) { }
}

/// <summary>What one schema writes can't be read with another.</summary>
public sealed class IncompatibleSchemaException : RecordFormatException
{
    public IncompatibleSchemaException() { }
    public IncompatibleSchemaException(string message) : base(message) { }
    public IncompatibleSchemaException(string message, Exception? innerException) : base(message, innerException) { }
}
