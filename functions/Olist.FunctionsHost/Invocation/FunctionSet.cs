using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Olist.FunctionsHost.Discovery;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.Worker.Middleware;

namespace Olist.FunctionsHost.Invocation;

/// <summary>All functions of the app, ready to run.</summary>
sealed class FunctionSet
{
    readonly Dictionary<string, FunctionEntry> _byName;

    public FunctionSet(
        IReadOnlyList<FunctionDescriptor> descriptors, IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware,
        DataConverter data, IOptions<JsonSerializerOptions> json, ILoggerFactory loggers)
    {
        All = [.. descriptors.Select(descriptor =>
        {
            var entry = new FunctionEntry(descriptor, Conversion(descriptor.Kind, data), json.Value, loggers.CreateLogger("Function." + descriptor.Name));
            entry.UseMiddleware(middleware);
            return entry;
        })];
        _byName = All.ToDictionary(entry => entry.Name, StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<FunctionEntry> All { get; }

    public IEnumerable<FunctionEntry> Enabled(FunctionKind kind) => All.Where(entry => entry.Descriptor.Kind == kind && !entry.Descriptor.IsDisabled);

    public FunctionEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Activities get JSON text and want their parameter's type; all other triggers hand over the right type themselves.</summary>
    static Func<Type, Func<object?, object?>> Conversion(FunctionKind kind, DataConverter data) => type =>
    {
        if (kind != FunctionKind.Activity) return value => value;
        var absent = type.IsValueType ? Activator.CreateInstance(type) : null;
        return value => data.Deserialize((string?)value, type) ?? absent;
    };
}
