using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Discovery;

/// <summary>Which shapes of functions are accepted. Each problem continues the sentence that begins with the function's label.</summary>
static partial class FunctionRules
{
    public static IEnumerable<string> Check(FunctionDescriptor function, bool mayBeNested) =>
        CheckMethod(function).Concat(CheckWhatFindsIt(function, mayBeNested)).Concat(CheckParameters(function)).Concat(function.Kind switch
        {
            FunctionKind.Http => HttpRules.Check(function),
            FunctionKind.Kafka => KafkaRules.Check(function),
            FunctionKind.Timer => TriggerIs(function, typeof(TimerInfo)),
            FunctionKind.Orchestration => TriggerIs(function, typeof(DurableTask.TaskOrchestrationContext)).Concat(OrchestratorParameters(function)),
            FunctionKind.Entity => TriggerIs(function, typeof(TaskEntityDispatcher)),
            _ => [],
        });

    static IEnumerable<string> CheckMethod(FunctionDescriptor function)
    {
        var method = function.Method;
        if (!FunctionName().IsMatch(function.Name))
            yield return $": the name must start with a letter and hold only letters, digits, '_' and '-', at most 128 of them.";
        for (var type = method.DeclaringType; type is not null; type = type.DeclaringType)
            if (!(type.IsPublic || type.IsNestedPublic)) yield return $": the class {type.FullName} is not public; make it public.";
        if (!method.IsPublic) yield return ": the method is not public; make it public.";
        if (method.IsGenericMethodDefinition || function.DeclaringType.IsGenericTypeDefinition)
            yield return ": generic methods and classes can't be functions; write a plain one that calls it.";
        if (!method.IsStatic && function.DeclaringType.IsAbstract) yield return $": the class {function.DeclaringType.FullName} is abstract; make it concrete, or the method static.";
        if (method.ReturnType == typeof(void) && method.GetCustomAttribute<AsyncStateMachineAttribute>() is not null)
            yield return ": async void can't be awaited; return Task.";
        if (function.Retry is not null && function.Kind is not (FunctionKind.Kafka or FunctionKind.Timer))
            yield return $": {function.Retry.GetType().Name} works on Kafka and timer functions only, not on {function.Kind}; remove it"
                + (function.Kind is FunctionKind.Activity or FunctionKind.Orchestration ? " and pass a RetryPolicy where it is called." : ".");
        if (function.Retry is { MaxRetryCount: < -1 }) yield return $": {function.Retry.GetType().Name} has a MaxRetryCount of {function.Retry.MaxRetryCount}; expected 0 or more, or -1 for no limit.";
        foreach (var property in function.ResultType.GetProperties().Where(p => p.GetCustomAttributes().OfType<Worker.Extensions.Abstractions.OutputBindingAttribute>().Any(a => a is not HttpResultAttribute)))
            yield return $": property {property.Name} of the result has an output binding, which this host does not offer; produce through an injected producer and await it.";
    }

    /// <summary>The official worker finds a function by the dotted name of its class and the name of its method, and by nothing else.</summary>
    static IEnumerable<string> CheckWhatFindsIt(FunctionDescriptor function, bool mayBeNested)
    {
        var (type, method) = (function.DeclaringType, function.Method);
        if (type.IsNested && !mayBeNested) yield return $": the official host does not find functions of a nested class; move {type.Name} out of {type.DeclaringType!.Name}.";
        var namesake = type.GetMethods().FirstOrDefault(other => other.Name == method.Name && !SameParameters(other, method));
        if (namesake is not null)
            yield return $": {namesake.DeclaringType!.Name} has another public method {method.Name}, and the official host finds methods by name alone; rename this one.";
    }

    static bool SameParameters(MethodInfo a, MethodInfo b) => a.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(b.GetParameters().Select(parameter => parameter.ParameterType));

    static IEnumerable<string> CheckParameters(FunctionDescriptor function)
    {
        foreach (var parameter in function.Method.GetParameters())
        {
            var at = $", parameter '{parameter.Name}'";
            if (parameter.ParameterType.IsByRef) yield return $"{at}: ref and out parameters are not bound; return the value.";
            else if (parameter.ParameterType.IsAssignableTo(typeof(Microsoft.Extensions.Logging.ILogger)))
                yield return $"{at}: loggers are not bound to parameters; inject ILogger<T> into the constructor, or take a FunctionContext and call GetLogger.";
            else if (parameter.GetCustomAttribute<DurableClientAttribute>() is not null && parameter.ParameterType != typeof(DurableTask.Client.DurableTaskClient))
                yield return $"{at}: [DurableClient] binds DurableTaskClient, found {parameter.ParameterType.Name}; change the type.";
            else if (!IsBound(function, parameter))
                yield return $"{at}: nothing fills it: the {function.Kind} trigger has no value of that name{Known(function)}; inject services into the constructor, or remove it.";
        }
    }

    /// <summary>HTTP functions may take any route or query value, orchestrators one input; the others what their trigger knows by name.</summary>
    static bool IsBound(FunctionDescriptor function, ParameterInfo parameter) =>
        function.Kind is FunctionKind.Http or FunctionKind.Orchestration
        || function.IsTrigger(parameter)
        || parameter.HasDefaultValue
        || parameter.ParameterType == typeof(FunctionContext) || parameter.ParameterType == typeof(CancellationToken)
        || parameter.GetCustomAttribute<DurableClientAttribute>() is not null
        || MetadataNames(function).Contains(parameter.Name, StringComparer.OrdinalIgnoreCase);

    static string Known(FunctionDescriptor function) =>
        MetadataNames(function) is { Length: > 0 } names ? $" (it has {string.Join(", ", names)})" : "";

    static string[] MetadataNames(FunctionDescriptor function) => function.Kind switch
    {
        FunctionKind.Kafka when ((KafkaTriggerAttribute)function.Trigger).IsBatched => [.. Triggers.Kafka.RecordMetadata.Names.Select(name => name + "Array")],
        FunctionKind.Kafka => Triggers.Kafka.RecordMetadata.Names,
        FunctionKind.Activity => ["instanceId"],
        _ => [],
    };

    internal static IEnumerable<string> TriggerIs(FunctionDescriptor function, Type expected)
    {
        if (function.TriggerParameter.ParameterType != expected)
            yield return $", parameter '{function.TriggerParameter.Name}': [{function.Trigger.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal)}] binds {expected.Name}, "
                + $"found {function.TriggerParameter.ParameterType.Name}; change the type.";
    }

    static IEnumerable<string> OrchestratorParameters(FunctionDescriptor function)
    {
        var inputs = 0;
        foreach (var parameter in function.Method.GetParameters())
        {
            if (function.IsTrigger(parameter) || parameter.ParameterType == typeof(FunctionContext)) continue;
            if (parameter.ParameterType == typeof(CancellationToken))
                yield return $", parameter '{parameter.Name}': a CancellationToken is not the same at every replay; remove it.";
            else if (parameter.GetCustomAttribute<DurableClientAttribute>() is not null)
                yield return $", parameter '{parameter.Name}': an orchestrator has no other bindings; call an activity that uses the client.";
            else if (++inputs == 2)
                yield return $", parameter '{parameter.Name}': an orchestrator takes one input; put both values into one type.";
        }
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,127}$")]
    private static partial Regex FunctionName();
}
