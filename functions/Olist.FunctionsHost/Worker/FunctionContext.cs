namespace Olist.FunctionsHost.Worker;

/// <summary>What an invocation knows of itself. One per invocation; not for use after it ended.</summary>
public abstract class FunctionContext
{
    public abstract string InvocationId { get; }
    public abstract string FunctionId { get; }
    public abstract TraceContext TraceContext { get; }
    public abstract BindingContext BindingContext { get; }

    /// <summary>Null when the function has no retry attribute, whatever the annotation says.</summary>
    public abstract RetryContext RetryContext { get; }

    /// <summary>The invocation's own scope, made at first use and disposed after the invocation.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }
    public abstract FunctionDefinition FunctionDefinition { get; }
    public abstract IDictionary<object, object> Items { get; set; }
    public abstract IInvocationFeatures Features { get; }

    /// <summary>Cancelled by the function timeout, the shutdown of the host, or the end of the HTTP request.</summary>
    public virtual CancellationToken CancellationToken { get; }
}
