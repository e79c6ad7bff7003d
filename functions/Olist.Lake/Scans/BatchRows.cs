using System.Numerics;

namespace Olist.Lake.Scans;

/// <summary>Some rows of a batch as a bitmap, one bit a row; null is none.</summary>
static class BatchRows
{
    public static void Set(ref ulong[]? bits, int rowCount, int row) => (bits ??= new ulong[(rowCount + 63) / 64])[row >> 6] |= 1UL << (row & 63);

    /// <summary>The rows that have no bit, in order.</summary>
    public static int[] Others(ulong[] bits, int rowCount)
    {
        var others = rowCount;
        foreach (var word in bits) others -= BitOperations.PopCount(word);
        var rows = new int[others];
        var count = 0;
        for (var start = 0; start < rowCount; start += 64)
        {
            var word = ~bits[start >> 6];
            if (rowCount - start < 64) word &= (1UL << (rowCount - start)) - 1;
            if (word == ulong.MaxValue)
                for (var row = start; row < start + 64; row++) rows[count++] = row;
            else
                for (; word != 0; word &= word - 1) rows[count++] = start + BitOperations.TrailingZeroCount(word);
        }
        return rows;
    }
}
