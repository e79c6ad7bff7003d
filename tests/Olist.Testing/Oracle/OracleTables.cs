using System.Text.RegularExpressions;

namespace Olist.Testing.Oracle;

/// <summary>
/// Every bronze, silver and gold table computed a second time, in memory, by loops and dictionaries that anyone can check against
/// the design by reading. Shares no code with the pipeline; slow on purpose.
/// </summary>
public sealed partial class OracleTables
{
    readonly PlainDataset _data;
    readonly Dictionary<string, OracleTable> _tables = [];

    OracleTables(PlainDataset data) => _data = data;

    /// <summary>All tables of <paramref name="folder"/>'s dataset by name, such as <c>gold.fact_order_detail</c>.</summary>
    public static IReadOnlyDictionary<string, OracleTable> Compute(string folder) => Compute(PlainDataset.Read(folder));

    /// <inheritdoc cref="Compute(string)"/>
    public static IReadOnlyDictionary<string, OracleTable> Compute(PlainDataset data)
    {
        var oracle = new OracleTables(data);
        oracle.Bronze();
        oracle.Silver();
        oracle.Gold();
        return oracle._tables;
    }

    OracleTable Add(string name, string columns, IEnumerable<object?[]> rows) =>
        _tables[name] = new OracleTable(name, columns.Split(' '), [.. rows]);

    List<object?[]> Rows(string table) => _tables[table].Rows;

    void Bronze()
    {
        var purchased = _data.Orders.Where(o => o.Purchase is not null).ToList();
        var items = _data.Items.ToLookup(i => i.OrderId);
        var payments = _data.Payments.ToLookup(p => p.OrderId);
        var places = Places();

        Add("bronze.order_status", "order_id status timestamp", _data.Orders.SelectMany(o => new (string Status, DateTime? At)[]
                { ("purchase", o.Purchase), ("approved", o.Approved), ("delivered_carrier", o.Carrier), ("delivered_customer", o.Customer) }
            .Where(e => e.At is not null).Select(e => new object?[] { o.OrderId, e.Status, e.At })));

        Add("bronze.payment", "order_id payment_sequential timestamp payment_value payment_type payment_installments customer_id", purchased.SelectMany(o =>
        {
            var own = payments[o.OrderId].OrderBy(p => p.Sequential).ToList();
            return own.Select((p, i) => new object?[] { o.OrderId, p.Sequential, o.Purchase!.Value.AddSeconds(-30 * (own.Count - 1 - i)), p.Value, p.Type, p.Installments, o.CustomerId });
        }));

        Add("bronze.order_item", "order_id order_item_id shipping_limit_date price freight_value product_id seller_id", purchased.SelectMany(o => items[o.OrderId])
            .Select(i => new object?[] { i.OrderId, i.ItemId, i.ShippingLimit, i.Price, i.Freight, i.ProductId, i.SellerId }));

        Add("bronze.product", "product_id category weight_g length_cm height_cm width_cm", purchased
            .SelectMany(o => items[o.OrderId].Select(i => i.ProductId).Distinct()).Where(_data.Products.ContainsKey).Select(id => _data.Products[id])
            .Select(p => new object?[] { p.ProductId, English(p.Category), p.WeightGrams, p.LengthCm, p.HeightCm, p.WidthCm }));

        Add("bronze.seller", "seller_id zip_code", purchased
            .SelectMany(o => items[o.OrderId].Select(i => i.SellerId).Distinct()).Where(_data.SellerZips.ContainsKey).Select(id => new object?[] { id, _data.SellerZips[id] }));

        Add("bronze.customer", "customer_id zip_code", purchased.Where(o => _data.CustomerZips.ContainsKey(o.CustomerId)).Select(o => new object?[] { o.CustomerId, _data.CustomerZips[o.CustomerId] }));

        var zips = purchased.SelectMany(o => items[o.OrderId].Select(i => _data.SellerZips.GetValueOrDefault(i.SellerId)).Distinct())
            .Concat(purchased.Select(o => _data.CustomerZips.GetValueOrDefault(o.CustomerId)));
        Add("bronze.geolocation", "zip_code lat lng state city", zips.Where(z => z is not null && places.ContainsKey(z.Value)).Select(z => places[z!.Value]));

        Add("bronze.estimated_delivery_date", "order_id estimated_delivery_date", _data.Orders.Where(o => o.Approved is not null).Select(o => new object?[] { o.OrderId, o.Estimated }));

        Add("bronze.review", "review_id order_id review_creation_date review_answer_timestamp review_score review_comment_title review_comment_message",
            _data.Reviews.Select(r => new object?[] { r.ReviewId, r.OrderId, r.Creation, r.Answer, r.Score, r.Title, r.Message }));
    }

    Dictionary<int, object?[]> Places() => _data.Locations.GroupBy(l => l.Zip).ToDictionary(g => g.Key, g => new object?[]
        { g.Key, g.Average(l => l.Lat), g.Average(l => l.Lng), MostFrequent(g.Select(l => l.State)), MostFrequent(g.Select(l => l.City)) });

    static string? MostFrequent(IEnumerable<string?> names) =>
        names.Where(n => n is not null).GroupBy(n => n!).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault()?.Key;

    string? English(string? category) => category switch
    {
        null => null,
        _ when _data.Translations.TryGetValue(category, out var english) => english ?? category,
        "pc_gamer" => "gaming_pc",
        "portateis_cozinha_e_preparadores_de_alimentos" => "portable_kitchen_and_food_preparators",
        _ => category,
    };

    void Silver()
    {
        Add("silver.order_event", "order_id data_type timestamp",
            Rows("bronze.order_status").Select(r => (r[0], (string)r[1]! == "approved" ? "approve" : (string)r[1]!, r[2]))
                .Concat(Rows("bronze.estimated_delivery_date").Select(r => (r[0], "estimated_delivery", r[1])))
                .Concat(Rows("bronze.order_item").Select(r => (r[0], "shipping_limit", r[2])))
                .Where(e => e.Item3 is not null).Distinct().Select(e => new[] { e.Item1, e.Item2, e.Item3 }));

        var customers = Rows("bronze.payment").GroupBy(r => (string)r[0]!).ToDictionary(g => g.Key, g => g.First()[6]);
        Add("silver.customer_order", "order_id product_id seller_id unit_price quantity customer_id",
            Rows("bronze.order_item").GroupBy(r => (OrderId: (string)r[0]!, ProductId: r[5], SellerId: r[6], Price: r[3]))
                .Select(g => new[] { g.Key.OrderId, g.Key.ProductId, g.Key.SellerId, g.Key.Price, g.LongCount(), customers.GetValueOrDefault(g.Key.OrderId) }));

        var categories = Rows("bronze.product").Select(r => ((string)r[0]!, r[1] ?? "unknown")).Distinct().ToDictionary(p => p.Item1, p => p.Item2);
        Add("silver.product_metadata", "product_id seller_id category",
            Rows("bronze.order_item").Select(r => ((string)r[5]!, r[6])).Distinct().Where(p => categories.ContainsKey(p.Item1))
                .Select(p => new[] { p.Item1, p.Item2, categories[p.Item1] }));

        Add("silver.olist_user", "user_type user_id zip_code",
            Rows("bronze.customer").Select(r => ("customer", r[0], r[1])).Concat(Rows("bronze.seller").Select(r => ("seller", r[0], r[1])))
                .Distinct().Select(u => new[] { u.Item1, u.Item2, u.Item3 }));

        Add("silver.geo_coord", "zip_code lat lng",
            Rows("bronze.geolocation").DistinctBy(r => r[0])
                .Where(r => (double)r[1]! is >= -33.69111 and <= 2.81972 && (double)r[2]! is >= -72.89583 and <= -34.80861)
                .Select(r => new[] { r[0], r[1], r[2] }));

        Add("silver.review_metadata", "review_id order_id review_score review_creation_date review_answer_timestamp",
            Rows("bronze.review").Select(r => (r[0], r[1], r[4], r[2], r[3])).Distinct().Select(r => new[] { r.Item1, r.Item2, r.Item3, r.Item4, r.Item5 }));

        Add("silver.review_clean_comment", "review_id order_id column text",
            Rows("bronze.review").SelectMany(r => new[] { (r[0], r[1], "review_comment_title", Clean(r[5])), (r[0], r[1], "review_comment_message", Clean(r[6])) })
                .Where(c => c.Item4.Length > 0).Distinct().Select(c => new[] { c.Item1, c.Item2, c.Item3, c.Item4 }));
    }

    static string Clean(object? text) => Blanks().Replace(Composed.Of((string?)text ?? ""), " ").Trim(' ');

    [GeneratedRegex(@"[\p{Z}\p{Cc}]+")]
    private static partial Regex Blanks();

    void Gold()
    {
        string[] kinds = ["purchase", "approve", "delivered_carrier", "delivered_customer", "shipping_limit", "estimated_delivery"];
        Add("gold.fact_order_lead_days",
            "order_id purchase approve delivered_carrier delivered_customer shipping_limit estimated_delivery purchase_to_approval_days approval_to_carrier_days carrier_to_customer_days carrier_delivery_delay_days customer_delivery_delay_days",
            Rows("silver.order_event").GroupBy(r => r[0]).Select(g =>
            {
                var at = kinds.Select(k => g.Where(r => (string)r[1]! == k).Max(r => (DateTime?)r[2])).ToArray();
                return new object?[] { g.Key, at[0], at[1], at[2], at[3], at[4], at[5], Days(at[0], at[1]), Days(at[1], at[2]), Days(at[2], at[3]), Days(at[4], at[2]), Days(at[5], at[3]) };
            }));

        var categories = Rows("silver.product_metadata").ToDictionary(r => (r[0], r[1]), r => r[2]);
        Add("gold.fact_order_detail", "order_id product_id seller_id unit_price customer_id category quantity",
            Rows("silver.customer_order").Select(r => new[] { r[0], r[1], r[2], r[3], r[5], categories.GetValueOrDefault((r[1], r[2]), "unknown"), r[4] }));

        var coordinates = Rows("silver.geo_coord").ToDictionary(r => (int)r[0]!);
        Add("gold.dim_user_location", "user_type user_id zip_code lat lng",
            Rows("silver.olist_user").Where(u => u[2] is int zip && coordinates.ContainsKey(zip))
                .Select(u => new[] { u[0], u[1], u[2], coordinates[(int)u[2]!][1], coordinates[(int)u[2]!][2] }));

        Add("gold.fact_review_answer_lead_days", "review_id order_id review_score review_creation_date review_answer_timestamp until_answer_lead_days",
            Rows("silver.review_metadata").Select(r => new[] { r[0], r[1], r[2], r[3], r[4], Days((DateTime?)r[3], (DateTime?)r[4]) }));

        Add("gold.fact_monthly_sales_by_product", "product_id category sales_period total_sales_quantity total_sales_amount mean_sales group", MonthlySales());
    }

    /// <summary>Midnights between two instants, in UTC.</summary>
    static long? Days(DateTime? from, DateTime? to) => from is null || to is null ? null : (to.Value.Date - from.Value.Date).Days;

    IEnumerable<object?[]> MonthlySales()
    {
        var delivered = Rows("gold.fact_order_lead_days").Where(r => r[4] is not null).ToDictionary(r => (string)r[0]!, r => (DateTime)r[4]!);
        var sold = Rows("gold.fact_order_detail").Where(d => delivered.ContainsKey((string)d[0]!))
            .GroupBy(d => (Product: d[1], Category: d[5], Month: delivered[(string)d[0]!].ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture)))
            .Select(g => (g.Key.Product, g.Key.Category, g.Key.Month, Quantity: g.Sum(d => (long)d[6]!), Amount: g.Sum(d => (decimal?)d[3] * (long)d[6]!) ?? 0m))
            .Select(s => (s.Product, s.Category, s.Month, s.Quantity, s.Amount, Mean: (double)s.Amount / s.Quantity));
        foreach (var cell in sold.GroupBy(s => (s.Category, s.Month)))
        {
            var middle = (cell.Count() - 1) / 2;
            var quantity = cell.Select(s => s.Quantity).Order().ElementAt(middle);
            var price = cell.Select(s => s.Mean).Order().ElementAt(middle);
            foreach (var s in cell)
            {
                var group = (s.Quantity > quantity, s.Mean >= price) switch
                {
                    (true, true) => "Star Products",
                    (true, false) => "Volume Drivers",
                    (false, true) => "Niche Gems",
                    _ => "Question Marks",
                };
                yield return [s.Product, s.Category, s.Month, s.Quantity, s.Amount, s.Mean, group];
            }
        }
    }
}
