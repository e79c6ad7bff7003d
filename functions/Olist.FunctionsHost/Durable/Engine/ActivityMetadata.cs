using Olist.FunctionsHost.Invocation;

namespace Olist.FunctionsHost.Durable.Engine;

/// <summary><c>instanceId</c> of the orchestration that called.</summary>
sealed class ActivityMetadata(string instanceId) : TriggerMetadata
{
    public override bool TryGet(string name, out object? value)
    {
        var known = name.Equals("instanceId", StringComparison.OrdinalIgnoreCase);
        value = known ? instanceId : null;
        return known;
    }

    public override IReadOnlyDictionary<string, object?> ToBindingData() =>
        new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { ["instanceId"] = instanceId };
}
