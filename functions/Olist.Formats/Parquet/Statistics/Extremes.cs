using System.Numerics;
using System.Runtime.InteropServices;

namespace Olist.Formats.Parquet.Statistics;

/// <summary>Smallest and largest of a run of numbers, a vector at a time.</summary>
static class Extremes
{
    /// <summary>Of integers; there is at least one.</summary>
    public static (T Min, T Max) Of<T>(ReadOnlySpan<T> values) where T : unmanaged, INumber<T>
    {
        T min = values[0], max = values[0];
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(values);
        if (vectors.Length > 0)
        {
            Vector<T> mins = vectors[0], maxs = vectors[0];
            foreach (var vector in vectors)
            {
                mins = Vector.Min(mins, vector);
                maxs = Vector.Max(maxs, vector);
            }
            for (var i = 0; i < Vector<T>.Count; i++)
            {
                min = T.Min(min, mins[i]);
                max = T.Max(max, maxs[i]);
            }
        }
        foreach (var value in values[(vectors.Length * Vector<T>.Count)..])
        {
            min = T.Min(min, value);
            max = T.Max(max, value);
        }
        return (min, max);
    }

    /// <summary>Of floating point numbers: NaN is only counted, a zero becomes -0.0 as a minimum and +0.0 as a maximum.</summary>
    /// <returns>False when no number is left.</returns>
    public static bool TryOfFloats<T>(ReadOnlySpan<T> values, out T min, out T max, out int nanCount) where T : unmanaged, IFloatingPointIeee754<T>
    {
        min = T.PositiveInfinity;
        max = T.NegativeInfinity;
        nanCount = 0;
        foreach (var value in values)
        {
            // Comparisons with NaN are false, so it never becomes an extreme.
            if (value < min) min = value;
            if (value > max) max = value;
            if (T.IsNaN(value)) nanCount++;
        }
        if (nanCount == values.Length) return false;
        if (T.IsZero(min)) min = T.NegativeZero;
        if (T.IsZero(max)) max = T.Zero;
        return true;
    }
}
