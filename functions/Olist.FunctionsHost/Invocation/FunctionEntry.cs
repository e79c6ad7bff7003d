using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Discovery;
using Olist.FunctionsHost.Worker;
using Olist.FunctionsHost.Worker.Middleware;

namespace Olist.FunctionsHost.Invocation;

/// <summary>A function made ready to run: everything that can be decided once is.</summary>
sealed class FunctionEntry
{
    readonly CompiledMethod.Call _call;
    readonly ObjectFactory? _factory;
    readonly ParameterBinding.Source[] _sources;
    readonly bool _ownsInstance;
    Func<InvocationContext, ValueTask> _pipeline;

    public FunctionEntry(FunctionDescriptor descriptor, Func<Type, Func<object?, object?>> triggerConversion, JsonSerializerOptions json, ILogger logger)
    {
        Descriptor = descriptor;
        Definition = new DeclaredDefinition(descriptor);
        Logger = logger;
        Tag = new KeyValuePair<string, object?>("olist.function", descriptor.Name);
        _call = CompiledMethod.Of(descriptor.Method);
        _factory = descriptor.Method.IsStatic ? null : ActivatorUtilities.CreateFactory(descriptor.DeclaringType, Type.EmptyTypes);
        _ownsInstance = descriptor.DeclaringType.IsAssignableTo(typeof(IDisposable)) || descriptor.DeclaringType.IsAssignableTo(typeof(IAsyncDisposable));
        _sources = [.. descriptor.Method.GetParameters().Select(parameter => ParameterBinding.For(descriptor, parameter, triggerConversion, json))];
        _pipeline = ExecuteAsync;
    }

    public FunctionDescriptor Descriptor { get; }
    public FunctionDefinition Definition { get; }
    public ILogger Logger { get; }
    public KeyValuePair<string, object?> Tag { get; }
    public string Name => Descriptor.Name;

    /// <summary>Puts the app's middleware around the execution, in the order of registration.</summary>
    public void UseMiddleware(IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        if (middleware.Count == 0) return;
        FunctionExecutionDelegate next = context => ExecuteAsync((InvocationContext)context).AsTask();
        for (var i = middleware.Count - 1; i >= 0; i--) next = middleware[i](next);
        _pipeline = context => new ValueTask(next(context));
    }

    /// <summary>Middleware and execution; the result is left in the context.</summary>
    public ValueTask RunAsync(InvocationContext context) => _pipeline(context);

    /// <summary>Replaces what runs inside the middleware (the replay of an orchestrator instead of one plain call).</summary>
    public Func<InvocationContext, ValueTask>? Executor { get; set; }

    /// <summary>Makes the instance and calls the method with arguments already bound.</summary>
    public ValueTask<object?> CallAsync(InvocationContext context, object?[] arguments) => _call(_factory?.Invoke(context.InstanceServices, null), arguments).AsTask();

    public int ParameterCount => _sources.Length;

    public ValueTask<object?> BindAsync(InvocationContext context, int parameter) => _sources[parameter](context);

    async ValueTask ExecuteAsync(InvocationContext context)
    {
        if (Executor is { } executor)
        {
            await executor(context);
            return;
        }
        var arguments = _sources.Length == 0 ? [] : new object?[_sources.Length];
        for (var i = 0; i < arguments.Length; i++) arguments[i] = await _sources[i](context);
        var instance = _factory?.Invoke(context.InstanceServices, null);
        try
        {
            var returned = _call(instance, arguments);
            if (returned.Pending is { } pending) await pending;
            context.Result = returned.Result;
        }
        finally
        {
            if (_ownsInstance && instance is not null) await DisposeAsync(instance);
        }
    }

    static async ValueTask DisposeAsync(object instance)
    {
        if (instance is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
        else (instance as IDisposable)?.Dispose();
    }
}
