using Olist.Testing.Oracle;

namespace Olist.Testing.Tests;

public sealed class OracleTablesTests
{
    static readonly Lazy<IReadOnlyDictionary<string, OracleTable>> Sample = new(() => OracleTables.Compute(SampleDataset.Require()));

    static DateTime On(int month, int day, int hour = 0) => new(2018, month, day, hour, 0, 0, DateTimeKind.Utc);

    static PlainDataset Small()
    {
        var d = new PlainDataset();
        d.Orders.Add(new PlainOrder("o1", "c1", On(1, 1, 23), On(1, 2), On(1, 3), On(1, 5, 23), On(1, 4)));
        d.Orders.Add(new PlainOrder("o2", "c2", On(1, 1), null, null, null, On(1, 9)));
        d.Orders.Add(new PlainOrder("o3", "c3", null, null, null, null, null));
        d.Items.Add(new PlainItem("o1", 1, "p1", "s1", On(1, 2), 10m, 1m));
        d.Items.Add(new PlainItem("o1", 2, "p1", "s1", On(1, 2), 10m, 1m));
        d.Items.Add(new PlainItem("o2", 1, "p9", "s1", On(1, 4), 7.5m, 1m));
        d.Items.Add(new PlainItem("o3", 1, "p1", "s2", On(1, 4), 7.5m, 1m));
        d.Payments.Add(new PlainPayment("o1", 2, "voucher", 1, 5m));
        d.Payments.Add(new PlainPayment("o1", 1, "credit_card", 1, 15m));
        d.Reviews.Add(new PlainReview("r1", "o1", 1, null, "  muito\r\n\trui\u0301m\u00A0 ", On(1, 6), On(1, 8, 12)));
        d.Products["p1"] = new PlainProduct("p1", "pc_gamer", 1, 1, 1, 1);
        d.SellerZips["s1"] = 2002;
        d.CustomerZips["c1"] = 1001;
        d.CustomerZips["c2"] = 9999;
        d.Locations.Add(new PlainLocation(1001, -23.5, -46.5, "SP", "sao paulo"));
        d.Locations.Add(new PlainLocation(1001, -23.7, -46.7, "SP", "aracaju"));
        d.Locations.Add(new PlainLocation(2002, 40, -8, "PT", "lisboa"));
        return d;
    }

    static string[] Text(OracleTable table) => [.. table.Rows.Select(r => FormattableString.Invariant($"{string.Join('|', r.Select(v => v is DateTime t ? t.ToString("MM-dd HH:mm:ss", null) : v))}"))];

    [Fact]
    public void Each_earlier_payment_is_thirty_seconds_before_the_next() =>
        Assert.Equal(["o1|1|01-01 22:59:30|15|credit_card|1|c1", "o1|2|01-01 23:00:00|5|voucher|1|c1"], Text(OracleTables.Compute(Small())["bronze.payment"]));

    [Fact]
    public void An_order_without_a_purchase_publishes_no_items() =>
        Assert.Equal(3, OracleTables.Compute(Small())["bronze.order_item"].Rows.Count);

    [Fact]
    public void An_unknown_product_has_no_metadata_and_is_unknown_in_the_detail()
    {
        var tables = OracleTables.Compute(Small());
        Assert.Equal(["p1|s1|gaming_pc"], Text(tables["silver.product_metadata"]));
        Assert.Equal(["o1|p1|s1|10|c1|gaming_pc|2", "o2|p9|s1|7.5||unknown|1"], Text(tables["gold.fact_order_detail"]));
    }

    [Fact]
    public void A_zip_is_the_mean_of_its_places_and_counts_inside_brazil_only()
    {
        var tables = OracleTables.Compute(Small());
        Assert.Contains("1001|-23.6|-46.6|SP|aracaju", Text(tables["bronze.geolocation"]));
        Assert.Equal(["customer|c1|1001|-23.6|-46.6"], Text(tables["gold.dim_user_location"]));
    }

    [Fact]
    public void Lead_days_count_midnights() =>
        Assert.Equal("o1|01-01 23:00:00|01-02 00:00:00|01-03 00:00:00|01-05 23:00:00|01-02 00:00:00|01-04 00:00:00|1|1|2|1|1", Text(OracleTables.Compute(Small())["gold.fact_order_lead_days"])[0]);

    [Fact]
    public void Comments_are_normalised() =>
        Assert.Equal(["r1|o1|review_comment_message|muito ruím"], Text(OracleTables.Compute(Small())["silver.review_clean_comment"]));

    [Fact]
    public void The_sample_has_as_many_rows_as_the_ground_truth()
    {
        var expected = new Dictionary<string, int>
        {
            ["bronze.order_status"] = 27_647, ["bronze.payment"] = 8_924, ["bronze.order_item"] = 8_365, ["bronze.product"] = 7_606, ["bronze.seller"] = 7_433,
            ["bronze.customer"] = 8_135, ["bronze.geolocation"] = 15_515, ["bronze.estimated_delivery_date"] = 7_989, ["bronze.review"] = 8_225,
            ["silver.order_event"] = 43_017, ["silver.product_metadata"] = 5_566, ["silver.customer_order"] = 7_606,
            ["gold.fact_order_lead_days"] = 8_135, ["gold.fact_order_detail"] = 7_606, ["gold.dim_user_location"] = 9_706,
            ["gold.fact_review_answer_lead_days"] = 8_225, ["gold.fact_monthly_sales_by_product"] = 4_972,
        };
        Assert.Equal(expected, expected.Keys.ToDictionary(t => t, t => Sample.Value[t].Rows.Count));
    }

    [Fact]
    public void The_sample_has_the_portfolio_of_the_ground_truth()
    {
        var groups = Sample.Value["gold.fact_monthly_sales_by_product"].Rows.GroupBy(r => (string)r[6]!).OrderBy(g => g.Key, StringComparer.Ordinal);
        Assert.Equal([("Niche Gems", 2_736, 503_932.64m), ("Question Marks", 1_629, 74_845.14m), ("Star Products", 319, 111_325.14m), ("Volume Drivers", 288, 32_412.84m)],
            groups.Select(g => (g.Key, g.Count(), g.Sum(r => (decimal)r[4]!))));
    }

    [Fact]
    public void The_sample_has_the_mean_days_of_the_ground_truth()
    {
        string[] stages = ["purchase_to_approval_days", "approval_to_carrier_days", "carrier_to_customer_days", "carrier_delivery_delay_days", "customer_delivery_delay_days"];
        Assert.Equal([0.5832, 2.8064, 9.2337, -3.5916, -12.0035], stages.Select(s => Math.Round(Sample.Value["gold.fact_order_lead_days"].Column(s).OfType<long>().Average(), 4)));
    }

    [Fact]
    public void The_sample_sells_what_the_ground_truth_says()
    {
        var sales = Sample.Value["gold.fact_monthly_sales_by_product"];
        Assert.Equal(722_515.76m, sales.Column("total_sales_amount").Sum(a => (decimal)a!));
        Assert.Equal(5_911, sales.Column("total_sales_quantity").Sum(q => (long)q!));
        Assert.Equal(343, Sample.Value["gold.fact_order_lead_days"].Column("customer_delivery_delay_days").Count(d => d is > 0L));
        Assert.Equal(2_965, Sample.Value["gold.fact_order_lead_days"].Column("delivered_customer").Count(d => d is null));
    }

    [Fact]
    public void A_cent_a_row_too_many_and_a_missing_column_are_differences()
    {
        var table = new OracleTable("t", ["id", "price"], [["a", 1.10m], ["b", null]]);
        Assert.Empty(table.Differences(new OracleTable("t", ["price", "id"], [[null, "b"], [1.1m, "a"]])));
        Assert.Equal(2, table.Differences(new OracleTable("t", ["id", "price"], [["a", 1.11m], ["b", null]])).Count);
        Assert.Single(table.Differences(new OracleTable("t", ["id", "price"], [["a", 1.10m], ["b", null], ["b", null]])));
        Assert.Single(table.Differences(new OracleTable("t", ["id"], [["a"], ["b"]])));
    }
}
