using Olist.Pipeline.Steps.Gold;
using Olist.Pipeline.Steps.Silver;

namespace Olist.Pipeline.Steps.Batch;

/// <summary>The batch layer as a graph: every step, and which of its sources other steps fill.</summary>
public static class BatchPlan
{
    /// <summary>In an order in which each step comes after those it reads from.</summary>
    public static IReadOnlyList<BatchStep> Steps { get; } =
    [
        new OrderEventStep(), new CustomerOrderStep(), new ProductMetadataStep(), new OlistUserStep(), new GeoCoordStep(),
        new ReviewMetadataStep(), new ReviewCleanCommentStep(),
        new LeadDaysStep(), new OrderDetailStep(), new UserLocationStep(), new ReviewAnswerLeadDaysStep(), new MonthlySalesStep(),
    ];

    static readonly HashSet<string> Filled = [.. Steps.Select(step => step.Target)];

    /// <summary>Whether a table is filled by something else than the batch layer, so that a run must pin it.</summary>
    public static bool IsExternal(string table) => !Filled.Contains(table);

    /// <exception cref="ArgumentException">No step fills that table.</exception>
    public static BatchStep Get(string target) => Steps.FirstOrDefault(step => step.Target == target)
        ?? throw new ArgumentException($"No batch step fills {target}; there are {string.Join(", ", Filled)}.", nameof(target));

    /// <summary>What a step is pinned to: the run's pins, and of each table that a step before it fills the snapshot that this run left it at, whatever another run commits there meanwhile.</summary>
    public static Dictionary<string, long> PinsAfter(IReadOnlyDictionary<string, long> pins, IEnumerable<StepResult> prerequisites)
    {
        var all = new Dictionary<string, long>(pins);
        foreach (var result in prerequisites)
            if (result.SnapshotId is { } left) all[result.Target] = left;
        return all;
    }

    /// <summary>How soon a step should run when not all that may run can: by the length of the chain of steps that wait for it, then by that of the chain before it, as a chain that has begun ends the run.</summary>
    public static int Urgency(BatchStep step) => (ChainAfter(step) * Steps.Count) + ChainBefore(step);

    static int ChainAfter(BatchStep step) => Steps.Where(other => other.Sources.Contains(step.Target)).Select(other => ChainAfter(other) + 1).DefaultIfEmpty().Max();

    static int ChainBefore(BatchStep step) => Prerequisites(step).Select(target => ChainBefore(Get(target)) + 1).DefaultIfEmpty().Max();

    /// <summary>The steps that must be done before this one.</summary>
    public static IEnumerable<string> Prerequisites(BatchStep step) => step.Sources.Where(Filled.Contains);
}
