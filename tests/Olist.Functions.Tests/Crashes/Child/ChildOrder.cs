using System.Text.Json;

namespace Olist.Functions.Tests.Crashes.Child;

/// <summary>What one life of the app is told by the test that starts it.</summary>
/// <param name="Lake">Folder of the lake; its state folder lies beside it.</param>
/// <param name="Dataset">Folder of the nine files that it replays into itself.</param>
/// <param name="KillAt">Durable step at which it dies; null: it does not die by itself.</param>
/// <param name="KillAtTime">The how-manieth time that the step is met, from 1.</param>
/// <param name="LoseAnswers">Each commit is done and then reported as an error.</param>
/// <param name="Entities">File of entity states that this life must end in; null: they need only stand still.</param>
/// <param name="Report">File for what it met and where it ended; not written by one that is killed.</param>
sealed record ChildOrder(string Lake, string Dataset, string? KillAt, int KillAtTime, bool LoseAnswers, string? Entities, string Report)
{
    public const string Variable = "OLIST_CRASHING_APP";

    public static ChildOrder? Find() =>
        Environment.GetEnvironmentVariable(Variable) is { } text ? JsonSerializer.Deserialize<ChildOrder>(text) : null;
}

/// <summary>A durable step, and how often it was met.</summary>
sealed record StepMet(string Name, int Times);

/// <summary>What a life that was not killed leaves behind.</summary>
/// <param name="Steps">Durable steps met, in the order in which they were first met.</param>
/// <param name="Entities">State of each entity, without what may differ from run to run.</param>
/// <param name="Unsettled">Why it is not settled after all; null when it is.</param>
sealed record ChildReport(IReadOnlyList<StepMet> Steps, SortedDictionary<string, string> Entities, string? Unsettled);
