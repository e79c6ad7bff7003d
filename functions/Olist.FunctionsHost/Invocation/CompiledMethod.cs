using System.Linq.Expressions;
using System.Reflection;

namespace Olist.FunctionsHost.Invocation;

/// <summary>Calls a method of any shape without reflection.</summary>
static class CompiledMethod
{
    public delegate Returned Call(object? instance, object?[] arguments);

    /// <summary>What a call gave: a value, or a task to be awaited for it. Callers await <see cref="Pending"/> themselves, which spares a state machine for each call.</summary>
    /// <param name="Pending">Null when the call is over.</param>
    public readonly record struct Returned(object? Value, Task? Pending, Func<Task, object?>? ResultOf)
    {
        /// <summary>Once nothing is pending any more.</summary>
        public object? Result => Pending is null ? Value : ResultOf?.Invoke(Pending);

        public async ValueTask<object?> AsTask()
        {
            if (Pending is not null) await Pending;
            return Result;
        }
    }

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
        if (type == typeof(void)) return Expression.Block(call, Expression.Default(typeof(Returned)));
        if (type == typeof(Task)) return Expression.Call(Helper(nameof(FromTask)), call);
        if (type == typeof(ValueTask)) return Expression.Call(Helper(nameof(FromValueTask)), call);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
            return Expression.Call(Helper(nameof(FromTaskOf)).MakeGenericMethod(type.GetGenericArguments()), call);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            return Expression.Call(Helper(nameof(FromValueTaskOf)).MakeGenericMethod(type.GetGenericArguments()), call);
        return Expression.Call(Helper(nameof(FromValue)), Expression.Convert(call, typeof(object)));
    }

    static MethodInfo Helper(string name) => typeof(CompiledMethod).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!; // Named with nameof.

    static Returned FromValue(object? value) => new(value, null, null);

    static Returned FromTask(Task? task) => task is null or { IsCompletedSuccessfully: true } ? default : new Returned(null, task, null);

    static Returned FromValueTask(ValueTask task) => task.IsCompletedSuccessfully ? default : new Returned(null, task.AsTask(), null);

    static Returned FromTaskOf<T>(Task<T>? task) => task is null ? default : new Returned(null, task, static done => ((Task<T>)done).Result);

    static Returned FromValueTaskOf<T>(ValueTask<T> task) => task.IsCompletedSuccessfully ? FromValue(task.Result) : FromTaskOf(task.AsTask());
}
