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
        var (medianPieces, medianPrice) = Medians(pieces, meanPrices);
        var groups = new string[pieces.Length];
        for (var i = 0; i < groups.Length; i++)
            groups[i] = PortfolioGroup.Of(pieces[i] > medianPieces, meanPrices[i] >= medianPrice);
        return groups;
    }

    /// <summary>What the products of one category and month are held against: volume is high above the first, price from the second on.</summary>
    public static (long Pieces, double MeanPrice) Medians(ReadOnlySpan<long> pieces, ReadOnlySpan<double> meanPrices) => (LowerMedian(pieces), LowerMedian(meanPrices));

    /// <summary><c>percentile_disc(0.5)</c>: the middle value, of an even number the lower of the two.</summary>
    public static T LowerMedian<T>(ReadOnlySpan<T> values) where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Length);
        var rest = values.ToArray().AsSpan();
        var wanted = (rest.Length - 1) / 2;
        // Selection instead of sorting: what lies on the wrong side of the middle need not be in order.
        while (rest.Length > 16)
        {
            var (less, equal) = Split(rest, MiddleOf(rest[0], rest[rest.Length / 2], rest[^1]));
            if (wanted >= less && wanted < less + equal) return rest[less];
            rest = wanted < less ? rest[..less] : rest[(less + equal)..];
            if (wanted >= less) wanted -= less + equal;
        }
        rest.Sort();
        return rest[wanted];
    }

    static T MiddleOf<T>(T a, T b, T c) where T : IComparable<T>
    {
        if (a.CompareTo(b) > 0) (a, b) = (b, a);
        return c.CompareTo(a) <= 0 ? a : c.CompareTo(b) >= 0 ? b : c;
    }

    /// <summary>Moves what is less than the pivot to the front and what equals it behind that.</summary>
    static (int Less, int Equal) Split<T>(Span<T> values, T pivot) where T : IComparable<T>
    {
        var (less, at, greater) = (0, 0, values.Length);
        while (at < greater)
        {
            var order = values[at].CompareTo(pivot);
            if (order > 0)
            {
                greater--;
                (values[greater], values[at]) = (values[at], values[greater]);
                continue;
            }
            if (order < 0)
            {
                (values[less], values[at]) = (values[at], values[less]);
                less++;
            }
            at++;
        }
        return (less, greater - less);
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
