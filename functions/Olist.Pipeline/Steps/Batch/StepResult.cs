namespace Olist.Pipeline.Steps.Batch;

/// <summary>One source as a step read it: the snapshots (from exclusive, to inclusive), and rows taken from it, look-ups included.</summary>
public sealed record SourceRange(string Table, long? FromSnapshotId, long? ToSnapshotId, long RowsRead = 0);

/// <summary>When a step came to each of its beats, UTC.</summary>
/// <param name="WaitForSource">It looked at its sources.</param>
/// <param name="Transform">It knew what is new and began to compute and commit.</param>
/// <param name="VerifyTarget">The commit was made, and it looked whether the target says so.</param>
/// <param name="Done">It was through.</param>
public sealed record StepTimes(DateTimeOffset WaitForSource, DateTimeOffset Transform, DateTimeOffset VerifyTarget, DateTimeOffset Done);

/// <summary>What one step of a batch run did.</summary>
/// <param name="Target">The table.</param>
/// <param name="SnapshotId">Its head after the step; <see langword="null"/> while it has no snapshot.</param>
/// <param name="Committed">Whether the step made that snapshot; false when its sources brought nothing new.</param>
/// <param name="RowsRead">Rows taken from sources, look-ups included.</param>
/// <param name="RowsWritten">New rows and new versions of rows.</param>
/// <param name="RowsReplaced">Old versions and dropped rows removed.</param>
/// <param name="Sources">What was read.</param>
/// <param name="Elapsed">Wall time.</param>
/// <param name="Times">When; <see langword="null"/> when nothing was committed.</param>
public sealed record StepResult(
    string Target, long? SnapshotId, bool Committed, long RowsRead, long RowsWritten, long RowsReplaced, IReadOnlyList<SourceRange> Sources, TimeSpan Elapsed,
    StepTimes? Times = null);
