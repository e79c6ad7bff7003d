using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Olist.FunctionsHost.Discovery;
using Olist.FunctionsHost.Durable.Entities;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Worker;
using Olist.FunctionsHost.Worker.Http;

namespace Olist.FunctionsHost.Invocation;

/// <summary>Decides once, per parameter, where its value comes from.</summary>
static class ParameterBinding
{
    public delegate ValueTask<object?> Source(InvocationContext context);

    /// <exception cref="FunctionsHostException">Nothing could ever fill the parameter.</exception>
    public static Source For(FunctionDescriptor function, ParameterInfo parameter, Func<Type, Func<object?, object?>> triggerConversion, JsonSerializerOptions json)
    {
        var type = parameter.ParameterType;
        if (function.IsTrigger(parameter))
        {
            if (function.Kind == FunctionKind.Entity) return context => new ValueTask<object?>(((EntityBatchRun)context.TriggerValue!).DispatcherFor(context)); // The engine's own.
            var convert = triggerConversion(type);
            return context => new ValueTask<object?>(convert(context.TriggerValue));
        }
        if (type == typeof(FunctionContext)) return context => new ValueTask<object?>(context);
        if (type == typeof(CancellationToken)) return context => new ValueTask<object?>(context.CancellationToken);
        if (parameter.GetCustomAttribute<DurableClientAttribute>() is not null)
            return context => new ValueTask<object?>(context.InstanceServices.GetRequiredService<DurableTaskClient>());
        if (parameter.GetCustomAttribute<FromBodyAttribute>() is not null && function.Kind == FunctionKind.Http)
            return context => ReadBodyAsync(context, type, json);
        return FromMetadata(function, parameter);
    }

    static Source FromMetadata(FunctionDescriptor function, ParameterInfo parameter)
    {
        var name = parameter.Name ?? "";
        var type = parameter.ParameterType;
        var parse = TextParser.For(type);
        var isOptional = parameter.HasDefaultValue || !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
        var fallback = parameter.HasDefaultValue ? parameter.DefaultValue : null;
        return context =>
        {
            if (!context.Metadata.TryGet(name, out var value) || value is null)
                return isOptional
                    ? new ValueTask<object?>(fallback)
                    : throw new FunctionsHostException($"{function}, parameter '{name}': the trigger has no value of that name, and {type.Name} has no default.");
            if (type.IsInstanceOfType(value)) return new ValueTask<object?>(value);
            return new ValueTask<object?>(Convert(value, type, parse, name, function));
        };
    }

    static object? Convert(object value, Type type, Func<string, object?>? parse, string name, FunctionDescriptor function)
    {
        try
        {
            var text = value as string ?? (value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : JsonSerializer.Serialize(value));
            return parse is not null ? parse(text) : JsonSerializer.Deserialize(text, type);
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentException or JsonException)
        {
            throw new BadHttpRequestException($"'{value}' is not a valid {name}; expected {type.Name}.", StatusCodes.Status400BadRequest, new FunctionsHostException($"{function}", error));
        }
    }

    static async ValueTask<object?> ReadBodyAsync(InvocationContext context, Type type, JsonSerializerOptions json)
    {
        try
        {
            return await context.HttpContext!.Request.ReadFromJsonAsync(type, json, context.CancellationToken); // HTTP functions have a request.
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new BadHttpRequestException($"The body is not the JSON that was expected: {error.Message}", StatusCodes.Status400BadRequest, error);
        }
    }
}
