using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Invocation;

/// <summary>The result in an <see cref="InvocationContext"/>, as middleware sees it.</summary>
sealed class ContextInvocationResult(InvocationContext context) : InvocationResult
{
    public override object? Value
    {
        get => context.Result;
        set => context.Result = value;
    }
}

/// <inheritdoc cref="ContextInvocationResult"/>
sealed class ContextInvocationResult<T>(InvocationContext context) : InvocationResult<T>
{
    public override T? Value
    {
        get => context.Result is null ? default : (T)context.Result;
        set => context.Result = value;
    }
}
