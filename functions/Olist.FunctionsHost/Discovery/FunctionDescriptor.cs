using System.Reflection;
using Olist.FunctionsHost.Worker;
using Olist.FunctionsHost.Worker.Extensions.Abstractions;

namespace Olist.FunctionsHost.Discovery;

/// <summary>A function as declared and accepted.</summary>
/// <param name="DurableName">Name under which orchestrators, activities and entities are called.</param>
sealed record FunctionDescriptor(
    string Name, FunctionKind Kind, MethodInfo Method, ParameterInfo TriggerParameter, TriggerBindingAttribute Trigger, RetryAttribute? Retry, string DurableName, bool IsDisabled)
{
    public Type DeclaringType => Method.DeclaringType!; // Only global methods have none.
    public string EntryPoint => $"{DeclaringType.FullName}.{Method.Name}";

    /// <summary>By place, not by reference: two hosts that start at once in one process may see two objects for one parameter.</summary>
    public bool IsTrigger(ParameterInfo parameter) => parameter.Position == TriggerParameter.Position;

    /// <summary>For messages: <c>function 'X' (Namespace.Class.Method)</c>.</summary>
    public override string ToString() => $"function '{Name}' ({EntryPoint})";

    /// <summary>The result's type, without Task or ValueTask; void for none.</summary>
    public Type ResultType { get; } = Unwrap(Method.ReturnType);

    /// <summary>Trigger, further inputs, and the HTTP answer.</summary>
    public IReadOnlyList<DeclaredBinding> Bindings { get; } = [.. DeclaredBinding.Of(Method, Unwrap(Method.ReturnType))];

    static Type Unwrap(Type type)
    {
        if (type == typeof(Task) || type == typeof(ValueTask)) return typeof(void);
        return type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? type.GetGenericArguments()[0]
            : type;
    }
}
