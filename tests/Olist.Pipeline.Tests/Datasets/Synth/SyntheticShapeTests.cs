using Olist.Formats.Columns;
using Olist.Pipeline.Datasets;
using Olist.Pipeline.Datasets.Synth;
using Olist.Pipeline.Model;

namespace Olist.Pipeline.Tests.Datasets.Synth;

/// <summary>The figures that make a dataset Olist-shaped, on one of 12,000 orders.</summary>
public sealed class SyntheticShapeTests(SyntheticShapeTests.Made made) : IClassFixture<SyntheticShapeTests.Made>
{
    const int Orders = 12_000;

    public sealed class Made : IAsyncLifetime
    {
        readonly TestFolder _folder = new();

        public string Folder => _folder.Path;
        public SourceTables Tables { get; private set; } = null!; // set before any test runs

        public async ValueTask InitializeAsync()
        {
            await SyntheticDataset.WriteAsync(Orders, 1, _folder.Path);
            Tables = (await Dataset.LoadAsync(_folder.Path)).Tables;
        }

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    SourceTables Tables => made.Tables;

    static readonly string[] Stages = ["order_purchase_timestamp", "order_approved_at", "order_delivered_carrier_date", "order_delivered_customer_date", "order_estimated_delivery_date"];

    /// <summary>Purchase, approval, carrier, customer and promise of each order, microseconds since 1970.</summary>
    long?[][] OrderTimes() => [.. Enumerable.Range(0, Orders).Select(row => Stages.Select(stage => Tables.Orders.Longs(stage).Find(row)).ToArray())];

    static DateTime Time(long micros) => DateTime.UnixEpoch.AddMicroseconds(micros);

    [Fact]
    public void Traffic_has_years_weeks_days_and_bursts()
    {
        var purchases = OrderTimes().Select(times => Time(times[0]!.Value)).ToArray();
        Assert.InRange(purchases.Count(time => time.Year == 2018) / 8.0, purchases.Count(time => time.Year == 2017 && time.Month <= 8) / 8.0, double.MaxValue);
        Assert.Equal(new DateTime(2017, 11, 24), purchases.GroupBy(time => time.Date).MaxBy(day => day.Count())!.Key);
        Assert.True(purchases.Count(time => time.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) / 2.0 < 0.85 * purchases.Count(time => time.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)) / 5.0);
        Assert.True(purchases.Count(time => time.Hour is >= 1 and < 6) * 10 < purchases.Count(time => time.Hour is >= 12 and < 22));
        var gaps = purchases.Order().Zip(purchases.Order().Skip(1), (earlier, later) => (later - earlier).TotalSeconds).Order().ToArray();
        Assert.True(gaps[gaps.Length / 2] * 3 < gaps[gaps.Length * 19 / 20]);
    }

    [Fact]
    public async Task More_months_keep_the_shop_at_its_height()
    {
        using var folder = new TestFolder();
        // Two years of growth hold about as many orders as fifteen months at the height.
        await SyntheticDataset.WriteAsync(5_000, 1, SyntheticDataset.PublicMonths + 60, folder.Path, TestContext.Current.CancellationToken);
        var times = (await Dataset.LoadAsync(folder.Path, TestContext.Current.CancellationToken)).Tables.Orders.Longs("order_purchase_timestamp");
        var months = Enumerable.Range(0, 5_000).Select(row => Time(times[row])).GroupBy(time => (time.Year - 2016) * 12 + time.Month).ToDictionary(month => month.Key, month => month.Count());
        Assert.InRange(months.Keys.Max(), 86 + 6, 86 + 9);
        var height = Enumerable.Range(36, 48).Select(month => months[month]).ToArray();
        Assert.InRange(height.Average(), 5_000 / 78.0, 5_000 / 70.0);
        Assert.True(height.Min() * 3 > height.Max(), $"{height.Min()} to {height.Max()} orders a month");
    }

    [Fact]
    public void Stages_last_as_long_as_the_real_ones()
    {
        double Mean(int from, int to) => OrderTimes().Where(times => times[from] is not null && times[to] is not null).Average(times => LeadDays.Between(times[from]!.Value, times[to]!.Value));
        Assert.InRange(Mean(0, 1), 0.45, 0.75);
        Assert.InRange(Mean(1, 2), 2.4, 3.3);
        Assert.InRange(Mean(2, 3), 8.2, 11.0);
        Assert.InRange(Mean(4, 3), -13.5, -10.5);
        Assert.InRange(OrderTimes().Count(IsLate) / (double)OrderTimes().Count(times => times[3] is not null), 0.05, 0.09);
    }

    static bool IsLate(long?[] times) => times[3] is { } delivered && LeadDays.Between(times[4]!.Value, delivered) > 0;

    [Fact]
    public void Long_routes_are_late_more_often()
    {
        var customers = File.ReadLines(Path.Combine(made.Folder, DatasetFiles.Customers.Name)).Skip(1).Select(line => line.Split(',')).ToDictionary(row => row[0], row => row[4]);
        var ids = Tables.Orders.Bytes("customer_id");
        double LateShare(params string[] states)
        {
            var delivered = OrderTimes().Index().Where(order => order.Item[3] is not null && states.Contains(customers[ids.Find(order.Index)!])).ToArray();
            return delivered.Count(order => IsLate(order.Item)) / (double)delivered.Length;
        }
        Assert.True(LateShare("BA", "PE", "CE", "MA", "AL", "PI", "SE", "RN", "PB", "PA") > 2 * LateShare("SP", "PR", "MG"));
    }

    [Fact]
    public void Reviews_get_worse_when_the_order_is_late()
    {
        var orders = OrderTimes();
        var found = new KeyIndex(Tables.Orders["order_id"]).FindAll(Tables.Reviews["order_id"]);
        var scores = Tables.Reviews.Ints("review_score");
        var lateShares = Enumerable.Range(1, 5).Select(score =>
        {
            var delivered = Enumerable.Range(0, found.Length).Where(row => scores[row] == score && orders[found[row]][3] is not null).ToArray();
            return 100.0 * delivered.Count(row => IsLate(orders[found[row]])) / delivered.Length;
        }).ToArray();
        Assert.Equal(lateShares.OrderDescending(), lateShares);
        Assert.InRange(lateShares[0], 30, 50);
        Assert.InRange(lateShares[4], 0.5, 3);
        Assert.InRange(scores.Span.ToArray().Count(score => score == 5) / (double)found.Length, 0.5, 0.65);
    }

    [Fact]
    public void Over_half_of_the_product_months_sell_one_piece_and_some_many()
    {
        var orders = OrderTimes();
        var found = new KeyIndex(Tables.Orders["order_id"]).FindAll(Tables.OrderItems["order_id"]);
        var products = Tables.OrderItems.Bytes("product_id");
        var pieces = Enumerable.Range(0, found.Length).Where(row => orders[found[row]][3] is not null)
            .GroupBy(row => (products.Find(row), SalesPeriod.MonthNumber(orders[found[row]][3]!.Value))).Select(group => group.Count()).ToArray();
        Assert.InRange(pieces.Count(count => count == 1) / (double)pieces.Length, 0.6, 0.9);
        Assert.True(pieces.Max() >= 8);
    }

    [Fact]
    public void The_dirt_of_the_real_dataset_is_there()
    {
        var orders = OrderTimes();
        var items = Tables.OrderItems.Bytes("order_id");
        var withItems = Enumerable.Range(0, items.Count).Select(items.Find).Distinct().Count();
        Assert.InRange(Orders - withItems, 1, Orders / 20);
        Assert.Contains(orders, times => times[1] is null && times[3] is null);
        Assert.Contains(orders, times => times[1] is null && times[3] is not null);
        Assert.InRange(orders.Count(times => times[3] is null), Orders / 50, Orders / 10);
        Assert.Contains(orders, times => times[3] < times[2]);
        Assert.Contains(orders, times => times[2] < times[1]);

        Assert.InRange(Tables.Products.Bytes("category").CountNulls(), 1, Tables.Products.RowCount / 20);
        Assert.Contains("gaming_pc", Categories());
        Assert.Contains("portable_kitchen_and_food_preparators", Categories());

        var places = new KeyIndex(Tables.Geolocation["zip_code"]).FindAll(Tables.Customers["customer_zip_code_prefix"]);
        Assert.InRange(places.Count(place => place < 0), 20, 80);
        var (lat, lng) = (Tables.Geolocation.Doubles("lat"), Tables.Geolocation.Doubles("lng"));
        Assert.InRange(Enumerable.Range(0, lat.Count).Count(row => !BrazilBounds.Contains(lat[row], lng[row])), 5, lat.Count / 30);
        Assert.True(Tables.Reviews.RowCount > new KeyIndex(Tables.Reviews["review_id"]).DistinctCount);
        Assert.Equal(Tables.Reviews.RowCount, new KeyIndex(Tables.Reviews["review_id"], Tables.Reviews["order_id"]).DistinctCount);
    }

    IEnumerable<string?> Categories() => Enumerable.Range(0, Tables.Products.RowCount).Select(Tables.Products.Bytes("category").Find).Distinct();

    [Fact]
    public void Orders_have_several_items_and_payments_now_and_then()
    {
        var items = Counts(Tables.OrderItems);
        Assert.InRange(items.Count(count => count == 1) / (double)items.Length, 0.85, 0.95);
        Assert.True(items.Max() >= 5);
        var payments = Counts(Tables.Payments);
        Assert.InRange(payments.Count(count => count > 1) / (double)payments.Length, 0.01, 0.06);
        Assert.True(payments.Max() >= 8);
        var types = Tables.Payments.Bytes("payment_type");
        Assert.Superset(new HashSet<string?> { "credit_card", "boleto", "voucher", "debit_card" }, Enumerable.Range(0, types.Count).Select(types.Find).ToHashSet());
        // The same product several times, at one price or at two.
        var pieces = new KeyIndex(Tables.OrderItems["order_id"], Tables.OrderItems["product_id"]).DistinctCount;
        Assert.True(pieces < Tables.OrderItems.RowCount - 100);
        Assert.True(pieces < new KeyIndex(Tables.OrderItems["order_id"], Tables.OrderItems["product_id"], Tables.OrderItems["price"]).DistinctCount);
    }

    static int[] Counts(RowBatch rows) => [.. new KeyIndex(rows["order_id"]).Firsts.GroupBy(first => first).Select(group => group.Count())];

    [Fact]
    public void Texts_are_portuguese_with_all_that_makes_csv_hard()
    {
        var texts = Enumerable.Range(0, Tables.Reviews.RowCount).Select(Tables.Reviews.Bytes("review_comment_message").Find).OfType<string>().ToArray();
        Assert.InRange(texts.Length / (double)Tables.Reviews.RowCount, 0.3, 0.55);
        Assert.All((string[])["\r\n", "\"", ",", "ç", "ã", "não"], part => Assert.Contains(texts, text => text.Contains(part, StringComparison.Ordinal)));
        Assert.True(texts.Distinct().Count() > 400);
    }

    [Fact]
    public void The_geolocation_file_has_about_ten_rows_per_order() =>
        Assert.InRange(File.ReadLines(Path.Combine(made.Folder, DatasetFiles.Geolocation.Name)).Count(), 8 * Orders, 12 * Orders);

    [Fact]
    public void All_categories_of_the_public_translation_are_there() =>
        Assert.Equal(72, File.ReadLines(Path.Combine(made.Folder, DatasetFiles.CategoryTranslation.Name)).Count());
}
