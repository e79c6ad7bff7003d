namespace Olist.FunctionsHost.DurableTask;

/// <summary>How a sub-orchestration is called.</summary>
public record SubOrchestrationOptions : TaskOptions
{
    public SubOrchestrationOptions(TaskRetryOptions? retry = null, string? instanceId = null) : base(retry) => InstanceId = instanceId;

    public SubOrchestrationOptions(TaskOptions options, string? instanceId = null) : base(options)
    {
        InstanceId = instanceId ?? (options as SubOrchestrationOptions)?.InstanceId;
        Version = options is SubOrchestrationOptions sub ? sub.Version : options.Version;
    }

    public SubOrchestrationOptions(SubOrchestrationOptions options) : base(options)
    {
        InstanceId = options.InstanceId;
        Version = options.Version;
    }

    /// <summary>Null: an id that replay makes again.</summary>
    public string? InstanceId { get; init; }

    public new TaskVersion? Version { get; init; }
}
