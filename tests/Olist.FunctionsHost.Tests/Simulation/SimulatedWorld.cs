namespace Olist.FunctionsHost.Tests.Simulation;

/// <summary>What the functions of a run see of it.</summary>
public sealed class SimulatedWorld
{
    readonly Random _random;
    readonly SimulationTrace _trace;

    internal SimulatedWorld(Random random, SimulationTrace trace) => (_random, _trace) = (random, trace);

    internal List<string> Problems { get; } = [];

    internal TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Whether functions fail now and then.</summary>
    internal bool IsUnreliable { get; set; } = true;

    internal void Note(string line)
    {
        if (_trace.IsKept) _trace.Add(line);
    }

    /// <param name="oneIn">How many calls there are to a failure.</param>
    internal void FailSometimes(int oneIn)
    {
        if (IsUnreliable && _random.Next(oneIn) == 0) throw new InvalidOperationException("by chance");
    }

    internal void CheckDue(Numbered one)
    {
        if (Clock.GetUtcNow().UtcTicks < one.DueTicks) Problems.Add($"{one.Number} came {TimeSpan.FromTicks(one.DueTicks - Clock.GetUtcNow().UtcTicks)} before its time");
    }
}
