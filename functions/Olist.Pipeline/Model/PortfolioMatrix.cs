namespace Olist.Pipeline.Model;

/// <summary>Rates the products of one category and month against each other.</summary>
public static class PortfolioMatrix
{
    /// <summary>The <see cref="PortfolioGroup"/> of each product.</summary>
    /// <param name="pieces">Pieces sold, per product.</param>
    /// <param name="meanPrices">Mean price, per product.</param>
    /// <remarks>Volume is high above the median and price from the median on. Over half of all products sell one piece a month, so "from the median on" would call nearly every volume high.</remarks>
    public static string[] Rate(ReadOnlySpan<long> pieces, ReadOnlySpan<double> meanPrices)
    {
        if (pieces.Length != meanPrices.Length)
            throw new ArgumentException($"{pieces.Length} quantities, but {meanPrices.Length} prices.", nameof(meanPrices));
        if (pieces.IsEmpty) return [];
        var (medianPieces, medianPrice) = (LowerMedian(pieces), LowerMedian(meanPrices));
        var groups = new string[pieces.Length];
        for (var i = 0; i < groups.Length; i++)
            groups[i] = PortfolioGroup.Of(pieces[i] > medianPieces, meanPrices[i] >= medianPrice);
        return groups;
    }

    /// <summary><c>percentile_disc(0.5)</c>: the middle value, of an even number the lower of the two.</summary>
    public static T LowerMedian<T>(ReadOnlySpan<T> values) where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Length);
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted[(sorted.Length - 1) / 2];
    }

    /// <summary>The most valuable of some groups, nulls aside; <see langword="null"/> when there is none.</summary>
    public static string? Best(IEnumerable<string?> groups)
    {
        var best = int.MaxValue;
        foreach (var group in groups)
            for (var rank = 0; rank < PortfolioGroup.ByWorth.Count && rank < best; rank++)
                if (group == PortfolioGroup.ByWorth[rank]) best = rank;
        return best == int.MaxValue ? null : PortfolioGroup.ByWorth[best];
    }
}
