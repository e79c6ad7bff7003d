using System.Reflection;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Settings;
using Olist.FunctionsHost.Worker;
using Olist.FunctionsHost.Worker.Extensions.Abstractions;

namespace Olist.FunctionsHost.Discovery;

/// <summary>Finds the functions of the app and refuses, all at once, those that the official host would refuse or bind wrongly.</summary>
static class FunctionDiscovery
{
    const BindingFlags AllMethods = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <exception cref="FunctionsHostException">One line per function, parameter or name that is refused.</exception>
    public static IReadOnlyList<FunctionDescriptor> Find(FunctionsHostOptions options, HostSettings settings, SettingNames names)
    {
        var problems = new List<string>();
        var found = new List<FunctionDescriptor>();
        var assemblies = options.Assemblies.Append(Assembly.GetEntryAssembly()).OfType<Assembly>().Distinct();
        foreach (var type in assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => options.ClassFilter?.Invoke(type) ?? true))
            foreach (var method in type.GetMethods(AllMethods))
                if (method.GetCustomAttribute<FunctionAttribute>() is { } attribute && Describe(attribute.Name, method, options.AllowNestedClasses, names, problems) is { } function)
                    found.Add(function);

        foreach (var same in found.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
            problems.Add($"the name '{same.Key}' is used by {same.Count()} functions ({string.Join(", ", same.Select(f => f.EntryPoint))}); give each its own [Function] name.");
        foreach (var same in found.Where(f => f.Kind >= FunctionKind.Orchestration).GroupBy(f => (f.Kind, Name: f.DurableName.ToUpperInvariant())).Where(group => group.Count() > 1))
            problems.Add($"{same.Key.Kind} '{same.First().DurableName}' is declared {same.Count()} times ({string.Join(", ", same.Select(f => f.EntryPoint))}); names are compared without case.");

        if (problems.Count > 0)
            throw new FunctionsHostException(
                $"{problems.Count} thing(s) in the app's functions are refused:{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", problems)}");
        return [.. found
            .Select(f => settings.OnlyFunctions.Count == 0 || settings.OnlyFunctions.Contains(f.Name, StringComparer.OrdinalIgnoreCase) ? f : f with { IsDisabled = true })
            .OrderBy(f => f.Name, StringComparer.Ordinal)];
    }

    static FunctionDescriptor? Describe(string name, MethodInfo method, bool mayBeNested, SettingNames names, List<string> problems)
    {
        var label = $"function '{name}' ({method.DeclaringType?.FullName}.{method.Name})";
        var triggers = method.GetParameters()
            .SelectMany(parameter => parameter.GetCustomAttributes().OfType<TriggerBindingAttribute>().Select(trigger => (parameter, trigger)))
            .ToList();
        if (triggers.Count != 1)
        {
            problems.Add(triggers.Count == 0
                ? $"{label} has no trigger; put one trigger attribute on one of its parameters."
                : $"{label} has {triggers.Count} triggers (on {string.Join(", ", triggers.Select(t => t.parameter.Name))}); a function has exactly one, so split it in two.");
            return null;
        }
        var (triggerParameter, attribute) = triggers[0];
        var kind = KindOf(attribute);
        if (kind is null)
        {
            problems.Add($"{label}, parameter '{triggerParameter.Name}': this host has no trigger {attribute.GetType().Name}.");
            return null;
        }
        var function = new FunctionDescriptor(name, kind.Value, method, triggerParameter, attribute,
            method.GetCustomAttribute<RetryAttribute>(), DurableName(attribute) ?? name, names.IsDisabled(name));
        var before = problems.Count;
        foreach (var problem in FunctionRules.Check(function, mayBeNested)) problems.Add($"{label}{problem}");
        return problems.Count == before ? function : null;
    }

    static string? DurableName(TriggerBindingAttribute trigger) => trigger switch
    {
        OrchestrationTriggerAttribute orchestration => orchestration.Orchestration,
        ActivityTriggerAttribute activity => activity.Activity,
        EntityTriggerAttribute entity => entity.EntityName,
        _ => null,
    };

    static FunctionKind? KindOf(TriggerBindingAttribute trigger) => trigger switch
    {
        HttpTriggerAttribute => FunctionKind.Http,
        TimerTriggerAttribute => FunctionKind.Timer,
        KafkaTriggerAttribute => FunctionKind.Kafka,
        OrchestrationTriggerAttribute => FunctionKind.Orchestration,
        ActivityTriggerAttribute => FunctionKind.Activity,
        EntityTriggerAttribute => FunctionKind.Entity,
        _ => null,
    };
}
