using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Invocation;

/// <summary>Which execution of a retried invocation this is.</summary>
sealed class FunctionRetryContext(int count, int maximum) : RetryContext
{
    public override int RetryCount => count;
    public override int MaxRetryCount => maximum;
}
