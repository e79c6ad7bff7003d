using Olist.Pipeline.Model;

namespace Olist.Pipeline.Tests.Model;

public sealed class PortfolioMatrixTests
{
    [Fact]
    public void Each_field_of_the_matrix_has_its_name() => // medians: 1 piece, 19.99
        Assert.Equal(["Star Products", "Volume Drivers", "Niche Gems", "Question Marks", "Niche Gems"], PortfolioMatrix.Rate([5, 2, 1, 1, 1], [20, 2, 30, 1, 19.99]));

    [Fact]
    public void A_product_alone_in_its_month_is_dear_and_sells_little() =>
        Assert.Equal(["Niche Gems"], PortfolioMatrix.Rate([7], [12.5]));

    [Fact]
    public void The_median_of_an_even_number_is_the_lower_one()
    {
        Assert.Equal(2, PortfolioMatrix.LowerMedian<long>([4, 1, 3, 2]));
        Assert.Equal(2, PortfolioMatrix.LowerMedian<long>([3, 1, 2]));
        Assert.Equal(["Niche Gems", "Star Products"], PortfolioMatrix.Rate([1, 2], [1.0, 2.0]));
    }

    [Theory, InlineData(1), InlineData(2)]
    public void Any_month_is_rated_as_its_definition_says(int seed)
    {
        var random = new Random(seed);
        for (var turn = 0; turn < 500; turn++)
        {
            var count = random.Next(1, 12);
            var pieces = Enumerable.Range(0, count).Select(_ => (long)random.Next(1, 4)).ToArray();
            var prices = Enumerable.Range(0, count).Select(_ => random.Next(1, 5) / 4.0).ToArray();
            // percentile_disc(0.5): the first value whose share of values up to it is at least a half.
            T Median<T>(T[] values) where T : IComparable<T> => values.Order().First(value => values.Count(other => other.CompareTo(value) <= 0) * 2 >= count);
            var expected = Enumerable.Range(0, count).Select(i => (pieces[i] > Median(pieces), prices[i] >= Median(prices)) switch
            {
                (true, true) => "Star Products",
                (true, false) => "Volume Drivers",
                (false, true) => "Niche Gems",
                _ => "Question Marks",
            });
            Assert.Equal(expected, PortfolioMatrix.Rate(pieces, prices));
        }
    }

    [Fact]
    public void The_best_of_some_groups_is_the_most_valuable_one()
    {
        Assert.Equal("Star Products", PortfolioMatrix.Best(["Question Marks", null, "Star Products", "Niche Gems"]));
        Assert.Equal("Volume Drivers", PortfolioMatrix.Best(["Niche Gems", "Volume Drivers"]));
        Assert.Null(PortfolioMatrix.Best([null]));
        Assert.Null(PortfolioMatrix.Best([]));
    }

    [Fact]
    public void Unequal_lists_are_refused() => Assert.Throws<ArgumentException>(() => PortfolioMatrix.Rate([1], [1.0, 2.0]));

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public void The_median_is_the_value_that_sorting_puts_in_the_middle(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 2_000; round++)
        {
            var most = random.Next(1, 5) switch { 1 => 2, 2 => 10, 3 => 1_000, _ => int.MaxValue };
            long[] values = [.. Enumerable.Range(0, random.Next(1, 200)).Select(i => random.Next(8) == 0 ? i : (long)random.Next(most))];
            if (random.Next(4) == 0) Array.Sort(values);
            var given = (long[])values.Clone();
            Assert.Equal(values.Order().ElementAt((values.Length - 1) / 2), PortfolioMatrix.LowerMedian<long>(values));
            Assert.Equal(given, values);
        }
    }
}
