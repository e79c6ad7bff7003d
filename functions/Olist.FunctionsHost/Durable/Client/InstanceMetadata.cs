using Olist.FunctionsHost.Durable.Instances;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;

namespace Olist.FunctionsHost.Durable.Client;

/// <summary>Instances as clients see them.</summary>
static class InstanceMetadata
{
    public static OrchestrationMetadata Of(Instance instance, bool withData, DataConverter data) => new(instance.Name, instance.Id)
    {
        RuntimeStatus = instance.Status,
        CreatedAt = instance.CreatedAt,
        LastUpdatedAt = instance.UpdatedAt,
        SerializedInput = withData ? instance.Input : null,
        SerializedOutput = withData ? instance.Output : null,
        SerializedCustomStatus = withData ? instance.CustomStatus : null,
        FailureDetails = instance.Failure,
        Tags = instance.Tags,
        DataConverter = withData ? data : null,
    };

    public static Func<Instance, bool> Filter(DateTimeOffset? from, DateTimeOffset? to, IEnumerable<OrchestrationRuntimeStatus>? statuses, string? prefix)
    {
        var wanted = statuses?.ToHashSet();
        return instance => (from is null || instance.CreatedAt >= from.Value.UtcDateTime) && (to is null || instance.CreatedAt <= to.Value.UtcDateTime)
            && (wanted is null or { Count: 0 } || wanted.Contains(instance.Status)) && (prefix is null || instance.Id.StartsWith(prefix, StringComparison.Ordinal));
    }
}
