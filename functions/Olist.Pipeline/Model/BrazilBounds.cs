namespace Olist.Pipeline.Model;

/// <summary>The box that a location must lie in to be believed; its edges belong to it.</summary>
public static class BrazilBounds
{
    public const double MinLat = -33.69111, MaxLat = 2.81972, MinLng = -72.89583, MaxLng = -34.80861;

    public static bool Contains(double lat, double lng) => lat is >= MinLat and <= MaxLat && lng is >= MinLng and <= MaxLng;
}
