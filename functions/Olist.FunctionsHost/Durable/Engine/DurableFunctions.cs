using System.Reflection;
using Olist.FunctionsHost.Discovery;
using Olist.FunctionsHost.Durable.Replay;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Durable.Engine;

/// <summary>Orchestrators, activities and entities by their durable names, without case.</summary>
sealed class DurableFunctions
{
    readonly Dictionary<string, FunctionEntry> _orchestrators;
    readonly Dictionary<string, FunctionEntry> _activities;
    readonly Dictionary<string, FunctionEntry> _entities;
    readonly Dictionary<string, FunctionEntry>.AlternateLookup<ReadOnlySpan<char>> _entitiesByText;

    public DurableFunctions(FunctionSet functions, DataConverter data)
    {
        _orchestrators = functions.Enabled(FunctionKind.Orchestration).ToDictionary(entry => entry.Descriptor.DurableName, StringComparer.OrdinalIgnoreCase);
        _activities = functions.Enabled(FunctionKind.Activity).ToDictionary(entry => entry.Descriptor.DurableName, StringComparer.OrdinalIgnoreCase);
        _entities = functions.Enabled(FunctionKind.Entity).ToDictionary(entry => entry.Descriptor.DurableName, StringComparer.OrdinalIgnoreCase);
        _entitiesByText = _entities.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var orchestrator in _orchestrators.Values) orchestrator.Executor = Executor(orchestrator, data);
    }

    public FunctionEntry? Orchestrator(string name) => _orchestrators.GetValueOrDefault(name);

    public FunctionEntry? Activity(string name) => _activities.GetValueOrDefault(name);

    public FunctionEntry? Entity(string name) => _entities.GetValueOrDefault(name);

    /// <param name="entityId"><c>@name@key</c>.</param>
    public FunctionEntry? EntityOf(string entityId) => _entitiesByText.TryGetValue(entityId.AsSpan(1, entityId.IndexOf('@', 1) - 1), out var entry) ? entry : null;

    public IEnumerable<string> EntityNames => _entities.Values.Select(entry => entry.Descriptor.DurableName).Order(StringComparer.Ordinal);

    public IEnumerable<string> OrchestratorNames => _orchestrators.Values.Select(entry => entry.Descriptor.DurableName).Order(StringComparer.Ordinal);

    public IEnumerable<string> ActivityNames => _activities.Values.Select(entry => entry.Descriptor.DurableName).Order(StringComparer.Ordinal);

    /// <summary>Inside the middleware: the replay, which calls the method once per run.</summary>
    static Func<InvocationContext, ValueTask> Executor(FunctionEntry orchestrator, DataConverter data)
    {
        var parameters = orchestrator.Descriptor.Method.GetParameters();
        return context =>
        {
            var run = (OrchestratorRun)context.TriggerValue!; // The engine's own.
            context.Result = run.Execute(started => orchestrator.CallAsync(context, Arguments(orchestrator, parameters, context, started, data)).AsTask());
            return ValueTask.CompletedTask;
        };
    }

    static object?[] Arguments(FunctionEntry orchestrator, ParameterInfo[] parameters, InvocationContext context, OrchestratorRun run, DataConverter data)
    {
        var arguments = new object?[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = parameters[i];
            arguments[i] = orchestrator.Descriptor.IsTrigger(parameter) ? run
                : parameter.ParameterType == typeof(FunctionContext) ? context
                : data.Deserialize(run.RawInput, parameter.ParameterType)
                    ?? (parameter.HasDefaultValue ? parameter.DefaultValue : parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null);
        }
        return arguments;
    }
}
