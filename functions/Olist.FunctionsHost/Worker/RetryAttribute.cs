namespace Olist.FunctionsHost.Worker;

/// <summary>How often a failed invocation is repeated with the same trigger value; Kafka and timer functions only.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class RetryAttribute : Attribute
{
    public RetryAttribute() { }

    /// <summary>Retries after the first execution; -1 without end.</summary>
    public int MaxRetryCount { get; set; }
}
