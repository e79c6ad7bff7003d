using System.Reflection;
using Olist.FunctionsHost.Discovery;
using Olist.FunctionsHost.Durable.Replay;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Durable.Engine;

/// <summary>Orchestrators and activities by their durable names, without case.</summary>
sealed class DurableFunctions
{
    readonly Dictionary<string, FunctionEntry> _orchestrators;
    readonly Dictionary<string, FunctionEntry> _activities;

    /// <exception cref="FunctionsHostException">There are entity functions, which this host does not run.</exception>
    public DurableFunctions(FunctionSet functions, DataConverter data)
    {
        if (functions.Enabled(FunctionKind.Entity).FirstOrDefault() is { } entity)
            throw new FunctionsHostException(
                $"{entity.Descriptor} is an entity function, and the embedded host does not run entities yet; disable it (AzureWebJobs.{entity.Name}.Disabled = true) or build with FunctionsHost=azure.");
        _orchestrators = functions.Enabled(FunctionKind.Orchestration).ToDictionary(entry => entry.Descriptor.DurableName, StringComparer.OrdinalIgnoreCase);
        _activities = functions.Enabled(FunctionKind.Activity).ToDictionary(entry => entry.Descriptor.DurableName, StringComparer.OrdinalIgnoreCase);
        foreach (var orchestrator in _orchestrators.Values) orchestrator.Executor = Executor(orchestrator, data);
    }

    public FunctionEntry? Orchestrator(string name) => _orchestrators.GetValueOrDefault(name);

    public FunctionEntry? Activity(string name) => _activities.GetValueOrDefault(name);

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
            arguments[i] = parameter == orchestrator.Descriptor.TriggerParameter ? run
                : parameter.ParameterType == typeof(FunctionContext) ? context
                : data.Deserialize(run.RawInput, parameter.ParameterType)
                    ?? (parameter.HasDefaultValue ? parameter.DefaultValue : parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null);
        }
        return arguments;
    }
}
