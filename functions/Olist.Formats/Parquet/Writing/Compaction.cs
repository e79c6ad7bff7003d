namespace Olist.Formats.Parquet.Writing;

/// <summary>Drops the rows that are null.</summary>
static class Compaction
{
    /// <summary>Copies the valid values in order; the target has room for all of them.</summary>
    /// <returns>How many there were.</returns>
    public static int Compact<T>(ReadOnlySpan<T> values, ReadOnlySpan<byte> validity, Span<T> target) where T : unmanaged
    {
        var kept = 0;
        validity = validity[..values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            // Without a branch: a null is overwritten by the value after it.
            target[kept] = values[i];
            kept += validity[i];
        }
        return kept;
    }
}
