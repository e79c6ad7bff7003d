using System.Runtime.InteropServices;
using Olist.Formats.Columns;

namespace Olist.Pipeline.Datasets;

/// <summary>Reads the geolocation file, by far the largest, straight into one row per zip code.</summary>
static class GeolocationLoader
{
    static readonly ColumnSchema[] Schema =
    [
        new(1, "zip_code", DataType.Int, true), new(2, "lat", DataType.Double, true), new(3, "lng", DataType.Double, true),
        new(4, "state", DataType.String, true), new(5, "city", DataType.String, true),
    ];

    const int RowsPerCancellationCheck = 16_384;

    struct Place
    {
        public int ZipCode;
        public long Rows;
        public double LatSum, LngSum;
    }

    public static RowBatch Load(CsvSource source, RejectedRows rejected, CancellationToken cancellationToken)
    {
        var columns = source.File.Columns;
        var reader = source.Reader;
        var placeOfZip = new Dictionary<int, int>();
        var places = new List<Place>();
        ByteTable cities = new(), states = new();
        Dictionary<long, int> cityCounts = [], stateCounts = [];
        for (var read = 0; reader.Read(); read++)
        {
            if (read % RowsPerCancellationCheck == 0) cancellationToken.ThrowIfCancellationRequested();
            if (TableLoader.FindProblem(source) is { } problem)
            {
                TableLoader.Reject(source, rejected, problem);
                continue;
            }
            double lat = 0, lng = 0;
            var bad = !FieldParser.TryInt(reader[0], out var zipCode) ? 0
                : !FieldParser.TryDouble(reader[1], out lat) ? 1
                : !FieldParser.TryDouble(reader[2], out lng) ? 2
                : reader[3].IsEmpty ? 3
                : reader[4].IsEmpty ? 4 : -1;
            if (bad >= 0)
            {
                TableLoader.Reject(source, rejected, TableLoader.DescribeField(columns[bad], reader[bad]));
                continue;
            }
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(placeOfZip, zipCode, out var isKnown);
            if (!isKnown)
            {
                number = places.Count;
                places.Add(new Place { ZipCode = zipCode });
            }
            ref var place = ref CollectionsMarshal.AsSpan(places)[number];
            place.Rows++;
            place.LatSum += lat;
            place.LngSum += lng;
            Count(cityCounts, number, cities.GetOrAdd(reader[3], out _));
            Count(stateCounts, number, states.GetOrAdd(reader[4], out _));
        }
        return ToRows(places, MostFrequent(cityCounts, cities, places.Count), cities, MostFrequent(stateCounts, states, places.Count), states);
    }

    static void Count(Dictionary<long, int> counts, int place, int name) =>
        CollectionsMarshal.GetValueRefOrAddDefault(counts, (long)place << 32 | (uint)name, out _)++;

    /// <summary>For each place the name that it has most often, of several the one that comes first.</summary>
    static int[] MostFrequent(Dictionary<long, int> counts, ByteTable names, int placeCount)
    {
        var best = new int[placeCount];
        var bestCount = new int[placeCount];
        foreach (var (key, count) in counts)
        {
            var (place, name) = ((int)(key >> 32), (int)key);
            if (count < bestCount[place] || (count == bestCount[place] && names[name].SequenceCompareTo(names[best[place]]) > 0)) continue;
            (best[place], bestCount[place]) = (name, count);
        }
        return best;
    }

    static RowBatch ToRows(List<Place> places, int[] cityOfPlace, ByteTable cities, int[] stateOfPlace, ByteTable states)
    {
        var order = Enumerable.Range(0, places.Count).ToArray();
        Array.Sort(places.Select(place => place.ZipCode).ToArray(), order);
        var count = order.Length;
        Column[] columns =
        [
            new ValueColumn<int>(DataType.Int, Array.ConvertAll(order, place => places[place].ZipCode), count),
            new ValueColumn<double>(DataType.Double, Array.ConvertAll(order, place => places[place].LatSum / places[place].Rows), count),
            new ValueColumn<double>(DataType.Double, Array.ConvertAll(order, place => places[place].LngSum / places[place].Rows), count),
            new BytesColumn(states.ToColumn(), Array.ConvertAll(order, place => stateOfPlace[place]), count),
            new BytesColumn(cities.ToColumn(), Array.ConvertAll(order, place => cityOfPlace[place]), count),
        ];
        return new RowBatch(Schema, columns, count);
    }
}
