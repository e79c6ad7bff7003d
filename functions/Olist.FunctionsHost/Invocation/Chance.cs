namespace Olist.FunctionsHost.Invocation;

/// <summary>
/// What the host leaves to chance: ids that nobody gave, and how much waits differ. Secrets are no part of it: keys always come from the system.
/// For several threads.
/// </summary>
/// <param name="seeded">Decides it all, for tests: two runs of a seed have the same ids.</param>
sealed class Chance(Random? seeded = null)
{
    readonly Lock _gate = new();

#pragma warning disable CA5394 // Ids must be distinct, not secret; jitter is neither.
    public Guid NewId()
    {
        if (seeded is null) return Guid.NewGuid();
        Span<byte> bytes = stackalloc byte[16];
        lock (_gate) seeded.NextBytes(bytes);
        return new Guid(bytes);
    }

    /// <summary>At least 0, below 1.</summary>
    public double NextFraction()
    {
        if (seeded is null) return Random.Shared.NextDouble();
        lock (_gate) return seeded.NextDouble();
    }
#pragma warning restore CA5394
}
