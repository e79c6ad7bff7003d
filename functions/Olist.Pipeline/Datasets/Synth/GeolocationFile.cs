namespace Olist.Pipeline.Datasets.Synth;

/// <summary>Several measured points for each postal code, with its city spelled as people spell it.</summary>
static class GeolocationFile
{
    const long PointSpread = 12_000_000_000_000; // about a kilometre
    const int ProperNamePerMillion = 180_000, NeighbourPerMillion = 30_000;

    public static void Write(string path, long seed, Places places, int orders, CancellationToken cancellationToken)
    {
        using var csv = new CsvWriter(path, DatasetFiles.Geolocation);
        var meanRows = Math.Max(4, orders * 10L / places.Listed.Length);
        for (var index = 0; index < places.Listed.Length; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var place = places.Listed[index];
            var random = new Prng(seed, Draw.Geolocation, place.ZipCode);
            // Half of the codes have few points, some have ten times as many.
            var rows = 1 + meanRows * random.Quantile(0, 20, 40, 70, 110, 180, 260) / 100;
            for (var row = 0; row < rows; row++) WriteRow(csv, place, ref random);
        }
    }

    static void WriteRow(CsvWriter csv, Place place, ref Prng random)
    {
        var state = BrazilianState.All[place.State];
        var city = state.Cities[random.Chance(NeighbourPerMillion) ? (int)random.Below(state.Cities.Length) : place.City];
        csv.ZipCode(place.ZipCode);
        csv.Degrees(place.Lat + random.Around(PointSpread) - PointSpread);
        csv.Degrees(place.Lng + random.Around(PointSpread) - PointSpread);
        csv.Text(random.Chance(ProperNamePerMillion) ? city.ProperName ?? city.Name : city.Name);
        csv.Text(state.Code);
        csv.EndRow();
    }
}
