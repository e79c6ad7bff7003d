using Olist.Pipeline.Model;

namespace Olist.Pipeline.Tests.Model;

public sealed class BrazilBoundsTests
{
    [Theory]
    [InlineData(-23.55, -46.63, true)]
    [InlineData(2.81972, -34.80861, true)]
    [InlineData(-33.69111, -72.89583, true)]
    [InlineData(2.81973, -60, false)]
    [InlineData(-33.69112, -60, false)]
    [InlineData(-10, -34.8086, false)]
    [InlineData(-10, -72.89584, false)]
    [InlineData(38.7, -9.1, false)]
    [InlineData(double.NaN, -50, false)]
    public void A_place_is_inside_or_on_the_edge_or_not_believed(double lat, double lng, bool expected) =>
        Assert.Equal(expected, BrazilBounds.Contains(lat, lng));
}
