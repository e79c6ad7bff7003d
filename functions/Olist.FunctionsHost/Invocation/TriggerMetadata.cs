using System.Collections.ObjectModel;

namespace Olist.FunctionsHost.Invocation;

/// <summary>What a trigger knows beside its value, by name without case: route values, Kafka coordinates, <c>instanceId</c>.</summary>
abstract class TriggerMetadata
{
    public static TriggerMetadata None { get; } = new Nothing();

    /// <summary>The value as the trigger has it; false when there is no such name.</summary>
    public abstract bool TryGet(string name, out object? value);

    /// <summary>All of it as text, for <c>BindingContext</c>.</summary>
    public abstract IReadOnlyDictionary<string, object?> ToBindingData();

    sealed class Nothing : TriggerMetadata
    {
        public override bool TryGet(string name, out object? value)
        {
            value = null;
            return false;
        }

        public override IReadOnlyDictionary<string, object?> ToBindingData() => ReadOnlyDictionary<string, object?>.Empty;
    }
}
