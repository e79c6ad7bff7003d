namespace Olist.Pipeline.Datasets.Synth;

/// <summary>A postal code: where it is, in 10^-15 degrees as the geolocation file spells them.</summary>
readonly record struct Place(int ZipCode, int State, int City, long Lat, long Lng, bool IsListed)
{
    /// <summary>As the crow flies, on a flat map that is good enough for freight.</summary>
    public long DistanceKmTo(Place other)
    {
        const long FemtoPerMicro = 1_000_000_000;
        var (north, east) = ((Lat - other.Lat) / FemtoPerMicro * 111, (Lng - other.Lng) / FemtoPerMicro * 104);
        return (long)Math.Sqrt((double)north * north + (double)east * east) / 1_000_000;
    }
}

/// <summary>The postal codes of the dataset. Some have no location, some one outside Brazil.</summary>
sealed class Places
{
    const long FemtoPerHundredth = 10_000_000_000_000;
    const int UnlistedPerMillion = 12_000, MislaidEvery = 700, InteriorPerMillion = 350_000;
    const int UnlistedCustomersPerMillion = 3_600, UnlistedSellersPerMillion = 2_500;

    readonly long _seed;
    readonly WeightedChoice _customerStates = new(BrazilianState.All.Select(state => (long)state.CustomerWeight));
    readonly WeightedChoice _sellerStates = new(BrazilianState.All.Select(state => (long)state.SellerWeight));
    readonly Place[][] _listed, _unlisted;

    public Places(long seed, int orders)
    {
        _seed = seed;
        // The public dataset: 19,000 postal codes for 100,000 orders; a smaller one meets fewer of them.
        var wanted = Math.Min(19_000, 300 + orders * 6L / 10);
        _listed = new Place[BrazilianState.All.Length][];
        _unlisted = new Place[BrazilianState.All.Length][];
        for (var state = 0; state < _listed.Length; state++) Settle(state, wanted);
        Listed = [.. _listed.SelectMany(places => places)];
    }

    /// <summary>Those that the geolocation file has.</summary>
    public Place[] Listed { get; }

    void Settle(int state, long wanted)
    {
        var random = new Prng(_seed, Draw.Zip, state);
        var known = BrazilianState.All[state];
        var count = (int)Math.Clamp(wanted * known.CustomerWeight / 10_000, 3, known.ZipCodeCount / 2);
        var unlistedCount = Math.Max(1, (int)(count * (long)UnlistedPerMillion / 1_000_000));
        var codes = new HashSet<int>();
        var places = new List<Place>();
        while (places.Count < count + unlistedCount)
        {
            var code = known.ZipCodeAt((int)random.Below(known.ZipCodeCount));
            if (codes.Add(code)) places.Add(Lay(ref random, code, state, isListed: places.Count < count));
        }
        _listed[state] = [.. places.Take(count)];
        _unlisted[state] = [.. places.Skip(count)];
    }

    static Place Lay(ref Prng random, int zipCode, int state, bool isListed)
    {
        var cities = BrazilianState.All[state].Cities;
        // The capital has as many as all other cities.
        var city = random.Chance(500_000) ? 0 : (int)random.Below(cities.Length);
        var spread = random.Chance(InteriorPerMillion) ? 120 : 9;
        var (lat, lng) = ((long)cities[city].Lat, (long)cities[city].Lng);
        // A few are laid on the other side of the ocean, as in the real file.
        if (zipCode % MislaidEvery == 0) (lat, lng, spread) = (3950, -850, 40);
        return new Place(zipCode, state, city, Jitter(ref random, lat, spread), Jitter(ref random, lng, spread), isListed);
    }

    static long Jitter(ref Prng random, long hundredths, int spreadHundredths)
    {
        var spread = spreadHundredths * FemtoPerHundredth;
        return hundredths * FemtoPerHundredth + random.Around(spread) - spread;
    }

    public Place PickForCustomer(ref Prng random) => Pick(ref random, _customerStates.Pick(ref random), UnlistedCustomersPerMillion);

    public Place PickForSeller(ref Prng random) => Pick(ref random, _sellerStates.Pick(ref random), UnlistedSellersPerMillion);

    Place Pick(ref Prng random, int state, int unlistedPerMillion)
    {
        var places = random.Chance(unlistedPerMillion) ? _unlisted[state] : _listed[state];
        // Some quarters buy more than others: the lower of two draws.
        return places[Math.Min(random.Below(places.Length), random.Below(places.Length))];
    }
}
