namespace Olist.FunctionsHost.Hosting;

/// <summary>What ran was ended by the host's stop: nothing of it counts, and it runs again at the next start.</summary>
sealed class HostStoppedException(Exception? innerException = null) : OperationCanceledException("The host stops; what ran counts for nothing, and runs again at the next start.", innerException);
