using System.Collections.ObjectModel;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;

namespace Olist.FunctionsHost.Durable.Instances;

/// <summary>
/// One orchestration as the log has it, and what the engine keeps beside it. Changed under the store's lock only; its history is read
/// without it by the one step that runs.
/// </summary>
sealed class Instance(string id, string name, DateTime createdAt)
{
    public string Id => id;
    public string Name => name;
    public DateTime CreatedAt => createdAt;
    public string Version { get; set; } = "";
    public string? Input { get; set; }
    public DateTime StartAt { get; set; }
    public ParentLink? Parent { get; set; }
    public IReadOnlyDictionary<string, string> Tags { get; set; } = ReadOnlyDictionary<string, string>.Empty;

    public OrchestrationRuntimeStatus Status { get; set; } = OrchestrationRuntimeStatus.Pending;
    public DateTime UpdatedAt { get; set; }
    public string? Output { get; set; }
    public string? CustomStatus { get; set; }
    public TaskFailureDetails? Failure { get; set; }

    /// <summary>Rises with every continue-as-new; what was meant for an earlier execution is dropped.</summary>
    public int Generation { get; set; }

    public List<HistoryEvent> History { get; set; } = [];
    public List<InboxMessage> Inbox { get; } = [];

    /// <summary>Behind the last record that touched it; what a client is shown must be durable up to here.</summary>
    public long Position { get; set; }

    /// <summary>A step runs or is about to.</summary>
    public bool IsActive { get; set; }

    /// <summary>Whoever waits for the next change of status.</summary>
    public TaskCompletionSource? StatusChange { get; set; }

    public bool IsFinished => Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}
