namespace Olist.FunctionsHost.DurableTask.Client;

/// <summary>Which finished instances to purge; null means every.</summary>
public record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null, DateTimeOffset? CreatedTo = null, IEnumerable<OrchestrationRuntimeStatus>? Statuses = null)
{
    /// <summary>How long to go on; null means to the end.</summary>
    public TimeSpan? Timeout { get; init; }
}
