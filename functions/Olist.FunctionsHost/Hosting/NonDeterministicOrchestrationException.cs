namespace Olist.FunctionsHost.Hosting;

/// <summary>An orchestrator, replayed, asked for something else than its history holds; the message says what and where.</summary>
public sealed class NonDeterministicOrchestrationException : FunctionsHostException
{
    public NonDeterministicOrchestrationException() { }
    public NonDeterministicOrchestrationException(string message) : base(message) { }
    public NonDeterministicOrchestrationException(string message, Exception? innerException) : base(message, innerException) { }
}
