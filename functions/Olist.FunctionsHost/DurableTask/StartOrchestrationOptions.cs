using System.Collections.ObjectModel;

namespace Olist.FunctionsHost.DurableTask;

/// <summary>How an orchestration is started.</summary>
public record StartOrchestrationOptions
{
    public StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null)
    {
        this.InstanceId = InstanceId;
        this.StartAt = StartAt;
    }

    public StartOrchestrationOptions(StartOrchestrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        InstanceId = options.InstanceId;
        StartAt = options.StartAt;
        Tags = options.Tags;
        Version = options.Version;
        DedupeStatuses = options.DedupeStatuses;
    }

    /// <summary>Null: a new id.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Null: at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;
    public TaskVersion? Version { get; init; }

    /// <summary>States in which an instance of the same id stands in the way; null: those of an instance that still runs.</summary>
    public IReadOnlyList<string>? DedupeStatuses { get; init; }
}
