namespace Olist.FunctionsHost.Hosting;

/// <summary>An invocation went past <c>functionTimeout</c>; its token was cancelled, and its result does not count.</summary>
public sealed class FunctionTimeoutException : FunctionsHostException
{
    public FunctionTimeoutException() { }
    public FunctionTimeoutException(string message) : base(message) { }
    public FunctionTimeoutException(string message, Exception? innerException) : base(message, innerException) { }
}
