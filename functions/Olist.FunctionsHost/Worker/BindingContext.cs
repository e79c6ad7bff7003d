namespace Olist.FunctionsHost.Worker;

/// <summary>Trigger metadata by name, case-insensitive; values are strings or JSON texts.</summary>
public abstract class BindingContext
{
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
