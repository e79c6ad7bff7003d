using System.Collections.ObjectModel;

namespace Olist.FunctionsHost.Worker;

/// <summary>One parameter of a function method.</summary>
public class FunctionParameter
{
    public FunctionParameter(string name, Type type) : this(name, type, false, null, ReadOnlyDictionary<string, object>.Empty) { }

    public FunctionParameter(string name, Type type, IReadOnlyDictionary<string, object> properties) : this(name, type, false, null, properties) { }

    public FunctionParameter(string name, Type type, bool hasDefaultValue, object? defaultValue)
        : this(name, type, hasDefaultValue, defaultValue, ReadOnlyDictionary<string, object>.Empty) { }

    public FunctionParameter(string name, Type type, bool hasDefaultValue, object? defaultValue, IReadOnlyDictionary<string, object> properties)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(properties);
        Name = name;
        Type = type;
        HasDefaultValue = hasDefaultValue;
        DefaultValue = defaultValue;
        Properties = properties;
        IsReferenceOrNullableType = !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
    }

    public string Name { get; }
    public Type Type { get; }
    public bool HasDefaultValue { get; }
    public bool IsReferenceOrNullableType { get; }
    public object? DefaultValue { get; }
    public IReadOnlyDictionary<string, object> Properties { get; }
}
