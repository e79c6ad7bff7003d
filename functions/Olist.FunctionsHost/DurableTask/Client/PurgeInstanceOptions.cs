namespace Olist.FunctionsHost.DurableTask.Client;

/// <summary>Whether sub-orchestrations go with the instance.</summary>
public record PurgeInstanceOptions(bool Recursive = false);
