namespace Olist.FunctionsHost.DurableTask;

/// <summary>True to try again. Runs inside the orchestrator, so the rules for orchestrators hold.</summary>
public delegate bool RetryHandler(RetryContext retryContext);

/// <summary>True to try again. Runs inside the orchestrator, so the rules for orchestrators hold.</summary>
public delegate Task<bool> AsyncRetryHandler(RetryContext retryContext);
