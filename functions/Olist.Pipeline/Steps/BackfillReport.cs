using Olist.Pipeline.Datasets;
using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Steps;

/// <summary>Rows of a dataset that were set aside.</summary>
/// <param name="Count">How many.</param>
/// <param name="Examples">The first of them, at most 1,000.</param>
public sealed record RejectedSummary(long Count, IReadOnlyList<RejectedRow> Examples);

/// <summary>What a command found and did.</summary>
/// <param name="Dataset">The folder, or <see langword="null"/> when no dataset took part.</param>
/// <param name="Lake">The lake's root.</param>
/// <param name="State">The state folder.</param>
/// <param name="Messages">Messages per topic in the log.</param>
/// <param name="Rows">Live rows per table.</param>
/// <param name="Seconds">Wall time per stage, and in all.</param>
/// <param name="Rejected">Rows of the dataset that were set aside, with file, line and reason.</param>
/// <param name="DeadLetters">Messages that could not be read in this run.</param>
/// <param name="Steps">The steps of the batch run.</param>
public sealed record BackfillReport(
    string? Dataset, string Lake, string State, IReadOnlyDictionary<string, long> Messages, IReadOnlyDictionary<string, long> Rows,
    IReadOnlyDictionary<string, double> Seconds, RejectedSummary? Rejected, long DeadLetters, IReadOnlyList<StepResult> Steps);
