namespace Olist.FunctionsHost.DurableTask.Client;

/// <summary>Where an orchestration stands.</summary>
public enum OrchestrationRuntimeStatus
{
    Running = 0,
    Completed = 1,
    [Obsolete("An instance that starts over is Running.")]
    ContinuedAsNew = 2,
    Failed = 3,
    [Obsolete("Instances are terminated, not cancelled.")]
    Canceled = 4,
    Terminated = 5,
    Pending = 6,
    Suspended = 7,
}
