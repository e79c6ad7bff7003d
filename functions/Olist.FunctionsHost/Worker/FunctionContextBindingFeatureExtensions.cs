using Olist.FunctionsHost.Invocation;

namespace Olist.FunctionsHost.Worker;

/// <summary>Access to the result of the invocation, for middleware.</summary>
public static class FunctionContextBindingFeatureExtensions
{
    public static InvocationResult GetInvocationResult(this FunctionContext context) => new ContextInvocationResult(Own(context));

    public static InvocationResult<T> GetInvocationResult<T>(this FunctionContext context) => new ContextInvocationResult<T>(Own(context));

    static InvocationContext Own(FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context as InvocationContext
            ?? throw new InvalidOperationException($"The context of type {context.GetType()} was not made by this host; pass on the one that the middleware was given.");
    }
}
