namespace Olist.FunctionsHost.Durable;

/// <summary>Thrown by the test seam to end the engine at a durable point.</summary>
sealed class DurableFaultException(string message) : Exception(message);
