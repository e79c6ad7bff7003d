namespace Olist.Pipeline.Datasets.Synth;

/// <summary>What a stream of random numbers is for: each thing of the dataset has its own, so that nothing depends on the order in which things are made.</summary>
enum Draw : ulong { Order = 1, Customer, Person, Product, ProductTraits, Seller, SellerTraits, Review, Zip, Geolocation, Day, Price }

/// <summary>SplitMix64: the same numbers on every machine and runtime. Only whole numbers come out; what is made of them uses no library function of floating point.</summary>
struct Prng
{
    ulong _state;

    public Prng(long seed, Draw draw, long index)
    {
        _state = Mix((ulong)seed + 0x9E3779B97F4A7C15);
        _state = Mix(_state ^ ((ulong)draw * 0xBF58476D1CE4E5B9));
        _state = Mix(_state ^ ((ulong)index * 0x94D049BB133111EB));
    }

    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>0 to <paramref name="boundExcl"/> - 1, evenly.</summary>
    public long Below(long boundExcl) => (long)Math.BigMul(Next(), (ulong)boundExcl, out _);

    /// <summary>Both ends included.</summary>
    public long Between(long low, long high) => low + Below(high - low + 1);

    /// <summary>True so many times in a million.</summary>
    public bool Chance(int perMillion) => Below(1_000_000) < perMillion;

    /// <summary>A skewed number: the points are quantiles at even distances, values between two of them are even.</summary>
    public long Quantile(params ReadOnlySpan<int> points)
    {
        var segment = (int)Below(points.Length - 1);
        return Between(points[segment], points[segment + 1]);
    }

    /// <summary>0 to 2 x <paramref name="mean"/>, near the middle more often than at the ends.</summary>
    public long Around(long mean) => (Below(2 * mean + 1) + Below(2 * mean + 1)) / 2;

    static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
