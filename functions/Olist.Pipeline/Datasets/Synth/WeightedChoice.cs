namespace Olist.Pipeline.Datasets.Synth;

/// <summary>Picks numbers as often as their weights say. Immutable.</summary>
sealed class WeightedChoice
{
    readonly long[] _ends;

    public WeightedChoice(params IEnumerable<long> weights)
    {
        long end = 0;
        _ends = [.. weights.Select(weight => end += weight)];
    }

    public int Pick(ref Prng random)
    {
        var at = random.Below(_ends[^1]);
        var found = Array.BinarySearch(_ends, at + 1);
        if (found < 0) return ~found;
        // An entry of weight 0 ends where the one before it ends: the first of equal ends is meant.
        while (found > 0 && _ends[found - 1] == _ends[found]) found--;
        return found;
    }
}
