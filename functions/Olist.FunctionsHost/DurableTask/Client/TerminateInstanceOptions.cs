namespace Olist.FunctionsHost.DurableTask.Client;

/// <summary>Output of a terminated instance, and whether its sub-orchestrations are terminated too.</summary>
public record TerminateInstanceOptions(object? Output = null, bool Recursive = false);
