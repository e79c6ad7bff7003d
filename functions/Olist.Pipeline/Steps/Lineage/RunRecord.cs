using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Steps.Lineage;

/// <summary>A run of the batch layer that is over: all that its events are made of.</summary>
/// <param name="RunId">Unique; the same when the record is given again.</param>
/// <param name="Reason">Who asked for it: <c>schedule</c>, <c>request</c>, <c>replay</c>, <c>command</c>.</param>
/// <param name="StartedAt">UTC.</param>
/// <param name="EndedAt">UTC.</param>
/// <param name="Results">Of the steps that were done, also of those that found nothing new.</param>
/// <param name="Failures">Of those that were not. A step whose prerequisite failed is in neither list.</param>
public sealed record RunRecord(Guid RunId, string Reason, DateTimeOffset StartedAt, DateTimeOffset EndedAt, IReadOnlyList<StepResult> Results, IReadOnlyList<StepFailure> Failures)
{
    /// <summary>Whether there is anything to tell: a run that changed nothing is as if it had not been.</summary>
    public bool IsWorthTelling => Failures.Count > 0 || Results.Any(result => result.Committed);
}

/// <summary>A step that could not be done.</summary>
/// <param name="Pins">The snapshots that it was to read, as far as they were known.</param>
public sealed record StepFailure(string Target, string Message, DateTimeOffset StartedAt, DateTimeOffset FailedAt, IReadOnlyDictionary<string, long> Pins);
