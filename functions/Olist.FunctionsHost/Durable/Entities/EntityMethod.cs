using System.Collections.Concurrent;
using System.Reflection;
using Olist.FunctionsHost.DurableTask.Entities;
using Olist.FunctionsHost.Invocation;

namespace Olist.FunctionsHost.Durable.Entities;

/// <summary>One operation of an entity class, found by name without case and compiled once.</summary>
sealed class EntityMethod
{
    static readonly ConcurrentDictionary<(Type, Type), Dictionary<string, EntityMethod?>> Known = new();

    readonly MethodInfo _method;
    readonly CompiledMethod.Call _call;
    readonly ParameterInfo[] _parameters;

    EntityMethod(MethodInfo method)
    {
        _method = method;
        _parameters = method.GetParameters();
        if (_parameters.Count(p => p.ParameterType == typeof(TaskEntityContext)) > 1 || _parameters.Count(p => p.ParameterType != typeof(TaskEntityContext)) > 1)
            throw new InvalidOperationException($"Entity operation {method.DeclaringType}.{method.Name} takes more than one input; put the values into one type.");
        _call = CompiledMethod.Of(method);
    }

    /// <exception cref="AmbiguousMatchException">Several methods have that name.</exception>
    public static EntityMethod? Find(Type type, Type root, string operation)
    {
        var methods = Known.GetOrAdd((type, root), static key => Collect(key.Item1, key.Item2));
        return !methods.TryGetValue(operation, out var method) ? null
            : method ?? throw new AmbiguousMatchException($"Several methods of {type} are called '{operation}' (without case); operations need names of their own.");
    }

    public CompiledMethod.Returned Invoke(object target, TaskEntityOperation operation)
    {
        var arguments = new object?[_parameters.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            var parameter = _parameters[i];
            arguments[i] = parameter.ParameterType == typeof(TaskEntityContext) ? operation.Context
                : operation.HasInput ? operation.GetInput(parameter.ParameterType)
                : parameter.HasDefaultValue ? parameter.DefaultValue
                : throw new InvalidOperationException($"Operation '{operation.Name}' of {operation.Context.Id} needs an input for '{parameter.Name}' and got none.");
        }
        return _call(target, arguments);
    }

    static Dictionary<string, EntityMethod?> Collect(Type type, Type root)
    {
        var methods = new Dictionary<string, EntityMethod?>(StringComparer.OrdinalIgnoreCase);
        foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
        {
            var declaring = method.GetBaseDefinition().DeclaringType;
            if (declaring == typeof(object) || declaring == root || method.IsSpecialName || method.IsGenericMethodDefinition) continue;
            methods[method.Name] = methods.ContainsKey(method.Name) ? null : new EntityMethod(method);
        }
        return methods;
    }
}
