using System.Globalization;

namespace Olist.Testing.Oracle;

public sealed record PlainOrder(string OrderId, string CustomerId, DateTime? Purchase, DateTime? Approved, DateTime? Carrier, DateTime? Customer, DateTime? Estimated);

public sealed record PlainItem(string OrderId, int? ItemId, string ProductId, string SellerId, DateTime? ShippingLimit, decimal? Price, decimal? Freight);

public sealed record PlainPayment(string OrderId, int? Sequential, string? Type, int? Installments, decimal? Value);

public sealed record PlainReview(string ReviewId, string OrderId, int? Score, string? Title, string? Message, DateTime? Creation, DateTime? Answer);

public sealed record PlainProduct(string ProductId, string? Category, int? WeightGrams, int? LengthCm, int? HeightCm, int? WidthCm);

public sealed record PlainLocation(int Zip, double Lat, double Lng, string? State, string? City);

/// <summary>A row that breaks a rule of its file.</summary>
public sealed record SetAside(string File, int Line, string Reason);

/// <summary>The good rows of the nine public files, and the rows that were set aside. Not thread-safe; nobody needs it to be.</summary>
public sealed class PlainDataset
{
    static readonly string[] Statuses = ["created", "approved", "invoiced", "processing", "shipped", "delivered", "unavailable", "canceled"];

    public List<PlainOrder> Orders { get; } = [];
    public List<PlainItem> Items { get; } = [];
    public List<PlainPayment> Payments { get; } = [];
    public List<PlainReview> Reviews { get; } = [];
    public List<PlainLocation> Locations { get; } = [];
    public Dictionary<string, int?> CustomerZips { get; } = [];
    public Dictionary<string, int?> SellerZips { get; } = [];
    public Dictionary<string, PlainProduct> Products { get; } = [];
    public Dictionary<string, string?> Translations { get; } = [];
    public List<SetAside> SetAside { get; } = [];

    /// <summary>Reads the nine files of <paramref name="folder"/>.</summary>
    public static PlainDataset Read(string folder)
    {
        var d = new PlainDataset();
        var orderIds = new HashSet<string>();
        d.ReadFile(folder, "olist_orders_dataset.csv", 8, f =>
        {
            if (!Statuses.Contains(f[2]))
                throw new FormatException($"unknown status {f[2]}");
            var order = new PlainOrder(Id(f[0]), Id(f[1]), Time(f[3]), Time(f[4]), Time(f[5]), Time(f[6]), Time(f[7]));
            Once(orderIds.Add(f[0]), f[0]);
            d.Orders.Add(order);
        });
        d.ReadFile(folder, "olist_order_items_dataset.csv", 7, f =>
            d.Items.Add(new PlainItem(Id(f[0]), Whole(f[1]), Id(f[2]), Id(f[3]), Time(f[4]), Money(f[5]), Money(f[6]))));
        d.ReadFile(folder, "olist_order_payments_dataset.csv", 5, f =>
            d.Payments.Add(new PlainPayment(Id(f[0]), Whole(f[1]), Text(f[2]), Whole(f[3]), Money(f[4]))));
        d.ReadFile(folder, "olist_order_reviews_dataset.csv", 7, f =>
            d.Reviews.Add(new PlainReview(Id(f[0]), Id(f[1]), Whole(f[2]), Text(f[3]), Text(f[4]), Time(f[5]), Time(f[6]))));
        d.ReadFile(folder, "olist_customers_dataset.csv", 5, f =>
        {
            var zip = Whole(f[2]);
            Once(d.CustomerZips.TryAdd(Id(f[0]), zip), f[0]);
        });
        d.ReadFile(folder, "olist_sellers_dataset.csv", 4, f =>
        {
            var zip = Whole(f[1]);
            Once(d.SellerZips.TryAdd(Id(f[0]), zip), f[0]);
        });
        d.ReadFile(folder, "olist_products_dataset.csv", 9, f =>
        {
            var product = new PlainProduct(Id(f[0]), Text(f[1]), Whole(f[5]), Whole(f[6]), Whole(f[7]), Whole(f[8]));
            Once(d.Products.TryAdd(f[0], product), f[0]);
        });
        d.ReadFile(folder, "olist_geolocation_dataset.csv", 5, f =>
            d.Locations.Add(new PlainLocation(Whole(f[0]) ?? throw new FormatException("no zip"), Degrees(f[1]), Degrees(f[2]), Text(f[4]), Text(f[3]))));
        d.ReadFile(folder, "product_category_name_translation.csv", 2, f => d.Translations.TryAdd(Id(f[0]), Text(f[1])));
        return d;
    }

    void ReadFile(string folder, string file, int fieldCount, Action<IReadOnlyList<string>> take)
    {
        foreach (var row in PlainCsv.Read(File.ReadAllBytes(Path.Combine(folder, file))).Skip(1))
        {
            try
            {
                if (row.Broken is not null)
                    throw new FormatException(row.Broken);
                if (row.Fields.Count != fieldCount)
                    throw new FormatException($"{row.Fields.Count} fields instead of {fieldCount}");
                take(row.Fields);
            }
            catch (FormatException e)
            {
                SetAside.Add(new SetAside(file, row.Line, e.Message));
            }
        }
    }

    static string Id(string text) => text.Length > 0 ? text : throw new FormatException("an id is empty");

    static void Once(bool first, string id)
    {
        if (!first)
            throw new FormatException($"{id} is there twice");
    }

    static string? Text(string text) => text.Length > 0 ? text : null;

    static int? Whole(string text) =>
        text.Length == 0 ? null : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : throw new FormatException($"no whole number: {text}");

    static decimal? Money(string text) =>
        text.Length == 0 ? null
        : decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) && decimal.Round(n, 2) == n ? n
        : throw new FormatException($"no amount: {text}");

    static double Degrees(string text) =>
        double.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var n) && double.IsFinite(n) ? n : throw new FormatException($"no number: {text}");

    static DateTime? Time(string text) =>
        text.Length == 0 ? null
        : DateTime.TryParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var t) ? t
        : throw new FormatException($"no time: {text}");
}
