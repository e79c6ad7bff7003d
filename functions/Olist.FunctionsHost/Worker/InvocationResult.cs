namespace Olist.FunctionsHost.Worker;

/// <summary>What the function returned; middleware may replace it after <c>next</c>.</summary>
public abstract class InvocationResult<T>
{
    public abstract T? Value { get; set; }
}

/// <summary>What the function returned, untyped.</summary>
public abstract class InvocationResult : InvocationResult<object>;
