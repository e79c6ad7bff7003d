namespace Olist.FunctionsHost.Hosting;

/// <summary>The host refuses to start or can't do what was asked; the message names function, parameter, setting or file, and the way out.</summary>
public class FunctionsHostException : Exception
{
    public FunctionsHostException() { }
    public FunctionsHostException(string message) : base(message) { }
    public FunctionsHostException(string message, Exception? innerException) : base(message, innerException) { }
}
