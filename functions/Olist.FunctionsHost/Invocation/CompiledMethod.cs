using System.Linq.Expressions;
using System.Reflection;

namespace Olist.FunctionsHost.Invocation;

/// <summary>Calls a method of any shape without reflection.</summary>
static class CompiledMethod
{
    public delegate ValueTask<object?> Call(object? instance, object?[] arguments);

    public static Call Of(MethodInfo method)
    {
        var instance = Expression.Parameter(typeof(object), "instance");
        var arguments = Expression.Parameter(typeof(object?[]), "arguments");
        var call = Expression.Call(
            method.IsStatic ? null : Expression.Convert(instance, method.DeclaringType!), // A method of a class has one.
            method,
            method.GetParameters().Select((parameter, index) =>
                (Expression)Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(index)), parameter.ParameterType)));
        return Expression.Lambda<Call>(Lift(call), instance, arguments).Compile();
    }

    static Expression Lift(MethodCallExpression call)
    {
        var type = call.Type;
        if (type == typeof(void)) return Expression.Block(call, Expression.Default(typeof(ValueTask<object?>)));
        if (type == typeof(Task)) return Expression.Call(Helper(nameof(FromTask)), call);
        if (type == typeof(ValueTask)) return Expression.Call(Helper(nameof(FromValueTask)), call);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
            return Expression.Call(Helper(nameof(FromTaskOf)).MakeGenericMethod(type.GetGenericArguments()), call);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            return Expression.Call(Helper(nameof(FromValueTaskOf)).MakeGenericMethod(type.GetGenericArguments()), call);
        return Expression.New(typeof(ValueTask<object?>).GetConstructor([typeof(object)])!, Expression.Convert(call, typeof(object)));
    }

    static MethodInfo Helper(string name) => typeof(CompiledMethod).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!; // Named with nameof.

    static ValueTask<object?> FromTask(Task? task) => task is null or { IsCompletedSuccessfully: true } ? default : Await(task);

    static ValueTask<object?> FromValueTask(ValueTask task) => task.IsCompletedSuccessfully ? default : Await(task.AsTask());

    static ValueTask<object?> FromTaskOf<T>(Task<T>? task)
    {
        if (task is null) return default;
        return task.IsCompletedSuccessfully ? new ValueTask<object?>(task.Result) : AwaitOf(task);
    }

    static ValueTask<object?> FromValueTaskOf<T>(ValueTask<T> task) =>
        task.IsCompletedSuccessfully ? new ValueTask<object?>(task.Result) : AwaitOf(task.AsTask());

    static async ValueTask<object?> Await(Task task)
    {
        await task;
        return null;
    }

    static async ValueTask<object?> AwaitOf<T>(Task<T> task) => await task;
}
