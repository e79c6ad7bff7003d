namespace Olist.Pipeline.Datasets.Synth;

/// <summary>A product as every order of it sees it.</summary>
/// <param name="Price">Hundredths.</param>
readonly record struct ProductOffer(UInt128 ProductId, int Number, int Seller, long Price, int WeightG);

/// <summary>Who sells what. Popularity has a long tail: a few products sell every day, most once or never.</summary>
sealed class Marketplace
{
    const int SecondSellerPerMillion = 40_000, WeightlessPerMillion = 600, FirstOfRollCall = 100;

    readonly long _seed;
    readonly WeightedChoice _products;
    readonly int[] _categories;
    readonly int[] _prices;
    readonly int[] _weights;
    readonly int[] _sellers;

    public Marketplace(long seed, int orders, Places places)
    {
        _seed = seed;
        // The public dataset has 33,000 products and 3,100 sellers for 100,000 orders.
        ProductCount = 200 + (int)(orders * 33L / 100);
        SellerCount = 30 + (int)(orders * 31L / 1000);
        SellerPlaces = new Place[SellerCount];
        for (var seller = 0; seller < SellerCount; seller++)
        {
            var random = new Prng(seed, Draw.SellerTraits, seller);
            SellerPlaces[seller] = places.PickForSeller(ref random);
        }

        _categories = new int[ProductCount];
        _prices = new int[ProductCount];
        _weights = new int[ProductCount];
        _sellers = new int[ProductCount];
        var categories = new WeightedChoice(Category.All.Select(category => (long)category.Weight));
        var sellers = new WeightedChoice(Enumerable.Range(0, SellerCount).Select(rank => 1_000_000L / (rank + 12)));
        for (var product = 0; product < ProductCount; product++) Invent(product, categories, sellers);
        // Two thirds of all sales go to products in proportion to 1 / rank, one third to all alike.
        var head = Enumerable.Range(0, ProductCount).Select(rank => 1_000_000_000L / (rank + 30)).ToArray();
        var even = head.Sum() / ProductCount / 2;
        _products = new WeightedChoice(head.Select(weight => weight + even));
    }

    public int ProductCount { get; }
    public int SellerCount { get; }
    public Place[] SellerPlaces { get; }

    void Invent(int product, WeightedChoice categories, WeightedChoice sellers)
    {
        var random = new Prng(_seed, Draw.ProductTraits, product);
        // However few products there are, every category has one.
        var roll = product - FirstOfRollCall;
        _categories[product] = roll >= 0 && roll < Category.All.Length ? roll : categories.Pick(ref random);
        var typical = Category.All[_categories[product]].TypicalPrice;
        var price = typical * random.Quantile(18, 36, 54, 70, 86, 106, 136, 185, 290, 760) / 100;
        _prices[product] = (int)(Math.Max(5, price) * 100 + random.Below(4) switch { 0 => 0, 1 => 90, 2 => 99, _ => random.Below(100) });
        _weights[product] = random.Chance(WeightlessPerMillion) ? 0 : (int)random.Quantile(50, 200, 300, 500, 700, 1_000, 1_800, 3_500, 8_000, 30_000);
        _sellers[product] = sellers.Pick(ref random);
    }

    public ProductOffer Pick(ref Prng random)
    {
        var product = _products.Pick(ref random);
        var seller = random.Chance(SecondSellerPerMillion) ? (_sellers[product] + 1) % SellerCount : _sellers[product];
        return new ProductOffer(ProductId(product), product, seller, _prices[product], _weights[product]);
    }

    /// <summary>The price of an offer in a month: now and then it changes.</summary>
    public long PriceIn(in ProductOffer offer, long month)
    {
        var random = new Prng(_seed, Draw.Price, offer.Number * 1000L + month);
        return random.Below(8) switch { 0 => offer.Price * 90 / 100, 1 => offer.Price * 105 / 100, _ => offer.Price };
    }

    public UInt128 SellerId(int seller) => IdOf(new Prng(_seed, Draw.Seller, seller));

    UInt128 ProductId(int product) => IdOf(new Prng(_seed, Draw.Product, product));

    internal static UInt128 IdOf(Prng random) => new(random.Next(), random.Next());

    public void WriteSellers(string path)
    {
        using var csv = new CsvWriter(path, DatasetFiles.Sellers);
        for (var seller = 0; seller < SellerCount; seller++)
        {
            var place = SellerPlaces[seller];
            csv.Id(SellerId(seller));
            csv.ZipCode(place.ZipCode);
            csv.Text(BrazilianState.All[place.State].Cities[place.City].Name);
            csv.Text(BrazilianState.All[place.State].Code);
            csv.EndRow();
        }
    }

    public void WriteProducts(string path)
    {
        using var csv = new CsvWriter(path, DatasetFiles.Products);
        for (var product = 0; product < ProductCount; product++)
        {
            var random = new Prng(_seed, Draw.ProductTraits, -1 - product);
            csv.Id(ProductId(product));
            if (Category.All[_categories[product]].Name is { } category)
            {
                csv.Text(category);
                csv.Number(random.Between(20, 63));
                csv.Number(random.Quantile(80, 250, 400, 600, 900, 1_500, 3_900));
                csv.Number(random.Quantile(1, 1, 1, 2, 3, 5, 10));
            }
            else
            {
                for (var field = 0; field < 4; field++) csv.Empty();
            }
            WriteMeasures(csv, _weights[product], ref random);
            csv.EndRow();
        }
    }

    static void WriteMeasures(CsvWriter csv, int weightG, ref Prng random)
    {
        if (weightG == 0)
        {
            for (var field = 0; field < 4; field++) csv.Empty();
            return;
        }
        csv.Number(weightG);
        csv.Number(random.Quantile(16, 17, 20, 25, 30, 40, 100));
        csv.Number(random.Quantile(2, 6, 10, 13, 18, 28, 100));
        csv.Number(random.Quantile(8, 12, 16, 20, 25, 32, 100));
    }

    public static void WriteTranslation(string path)
    {
        using var csv = new CsvWriter(path, DatasetFiles.CategoryTranslation);
        foreach (var category in Category.All)
        {
            if (category.English is null) continue;
            csv.Text(category.Name!);
            csv.Text(category.English);
            csv.EndRow();
        }
    }
}
