namespace Olist.Storage;

/// <summary>A store could not do what was asked; the message names key, store and the way out.</summary>
public class StoreException : Exception
{
    public StoreException() { }
    public StoreException(string message) : base(message) { }
    public StoreException(string message, Exception? innerException) : base(message, innerException) { }
}

/// <summary>There is no object of that name.</summary>
public sealed class ObjectNotFoundException : StoreException
{
    public ObjectNotFoundException() { }
    public ObjectNotFoundException(string message) : base(message) { }
    public ObjectNotFoundException(string message, Exception? innerException) : base(message, innerException) { }
}

/// <summary>The request may or may not have been carried out: look before trying again.</summary>
public sealed class StoreOutcomeUnknownException : StoreException
{
    public StoreOutcomeUnknownException() { }
    public StoreOutcomeUnknownException(string message) : base(message) { }
    public StoreOutcomeUnknownException(string message, Exception? innerException) : base(message, innerException) { }
}
