using Olist.Pipeline.Model;
using Olist.Formats.Columns;
using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Steps.Silver;

/// <summary><c>silver.geo_coord</c>: where a zip code lies, for locations inside Brazil; the last one told counts.</summary>
public sealed class GeoCoordStep : BatchStep
{
    const string Geolocation = "bronze.geolocation";

    public override string Target => "silver.geo_coord";
    public override IReadOnlyList<string> Sources => [Geolocation];

    protected override async ValueTask<StepOutput> ComputeAsync(StepInput input, CancellationToken cancellationToken)
    {
        var told = await input[Geolocation].ReadAsync(["zip_code", "lat", "lng", "_offset"], cancellationToken);
        var (lat, lng) = (told.Doubles("lat"), told.Doubles("lng"));
        var valid = told.Gather(Rows.Where(told.RowCount,
            row => !lat.IsNull(row) && !lng.IsNull(row) && BrazilBounds.Contains(lat[row], lng[row])));
        var latest = valid.Gather(Rows.Latest(valid.Longs("_offset"), valid["zip_code"]));
        var rows = Rows.Of(input.Target.Columns, ("zip_code", latest["zip_code"]), ("lat", latest["lat"]), ("lng", latest["lng"]));
        return await Upsert.ChangedAsync(input, rows, ["zip_code"], cancellationToken);
    }
}
