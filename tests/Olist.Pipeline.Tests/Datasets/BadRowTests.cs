using System.Text;
using Olist.Pipeline.Datasets;

namespace Olist.Pipeline.Tests.Datasets;

public sealed class BadRowTests
{
    /// <summary>File, bad row, what the reason says.</summary>
    public static TheoryData<string, string, string> BadRows() => new()
    {
        { "olist_orders_dataset.csv", "x,c,delivered,2018-01-01 10:00:00,,,", "7 fields; expected 8" },
        { "olist_orders_dataset.csv", "x,c,delivered,2018-01-01 10:00:00,,,,,", "9 fields; expected 8" },
        { "olist_orders_dataset.csv", "x,c,delivered,2018-13-01 10:00:00,,,,", "order_purchase_timestamp is '2018-13-01 10:00:00'; expected a time as yyyy-MM-dd HH:mm:ss" },
        { "olist_orders_dataset.csv", "x,c,delivered,2018-02-29 10:00:00,,,,", "order_purchase_timestamp is '2018-02-29 10:00:00'" },
        { "olist_orders_dataset.csv", "x,c,lost,2018-01-01 10:00:00,,,,", "order_status is 'lost'; expected created, approved, " },
        { "olist_orders_dataset.csv", "x,c,,2018-01-01 10:00:00,,,,", "order_status is empty" },
        { "olist_orders_dataset.csv", ",c,delivered,2018-01-01 10:00:00,,,,", "order_id is empty" },
        { "olist_orders_dataset.csv", "x,,delivered,2018-01-01 10:00:00,,,,", "customer_id is empty" },
        { "olist_orders_dataset.csv", CsvFolder.Order, "order_id 'order1' is there already" },
        { "olist_customers_dataset.csv", "customer1,p,99999,x,SP", "customer_id 'customer1' is there already" },
        { "olist_customers_dataset.csv", "x,p,1O12,x,SP", "customer_zip_code_prefix is '1O12'; expected a whole number" },
        { "olist_sellers_dataset.csv", "seller1,99999,x,SP", "seller_id 'seller1' is there already" },
        { "olist_products_dataset.csv", "product1,bebes,,,,,,,", "product_id 'product1' is there already" },
        { "olist_products_dataset.csv", "x,bebes,,,,heavy,,,", "product_weight_g is 'heavy'" },
        { "olist_order_items_dataset.csv", "x,1,p,s,2018-01-04 10:00:00,12.345,1.0", "price is '12.345'; expected an amount with at most two decimals" },
        { "olist_order_items_dataset.csv", "x,1,p,s,2018-01-04 10:00:00,,1.0", "price is empty" },
        { "olist_order_items_dataset.csv", "x,1,,s,2018-01-04 10:00:00,12.3,1.0", "product_id is empty" },
        { "olist_order_payments_dataset.csv", "x,1,boleto,1,100000000.00", "payment_value is '100000000.00'" },
        { "olist_order_payments_dataset.csv", "x,one,boleto,1,1.00", "payment_sequential is 'one'" },
        { "olist_order_reviews_dataset.csv", "x,o,five,,,2018-01-10 00:00:00,2018-01-10 00:00:00", "review_score is 'five'" },
        { "olist_order_reviews_dataset.csv", "x,o,5,,\"text\" more,2018-01-10 00:00:00,2018-01-10 00:00:00", "text follows a closing quote" },
        { "olist_order_reviews_dataset.csv", "x,o,5,,\"text,2018-01-10 00:00:00,2018-01-10 00:00:00", "closing quote" },
        { "olist_geolocation_dataset.csv", "01012,-23.5,north,sao paulo,SP", "geolocation_lng is 'north'; expected a decimal number" },
        { "olist_geolocation_dataset.csv", "01012,NaN,1,sao paulo,SP", "geolocation_lat is 'NaN'" },
        { "olist_geolocation_dataset.csv", "01012,1,1,,SP", "geolocation_city is empty" },
        { "product_category_name_translation.csv", "bebes,infants", "'bebes' is there already" },
        { "product_category_name_translation.csv", "x,", "product_category_name_english is empty" },
    };

    [Theory, MemberData(nameof(BadRows))]
    public async Task A_bad_row_is_set_aside_with_its_reason_and_its_neighbours_stay(string name, string row, string reason)
    {
        var file = DatasetFiles.All.Single(known => known.Name == name);
        var good = CsvFolder.WithOneOrder();
        var bad = CsvFolder.WithOneOrder();
        bad[file].Add(row);
        var last = file == DatasetFiles.CategoryTranslation ? "artes,art" : bad[file][0].Replace("1", "2", StringComparison.Ordinal);
        bad[file].Add(last);
        good[file].Add(last);
        var dataset = await bad.LoadAsync();
        var expected = (await good.LoadAsync()).Tables;

        var rejected = Assert.Single(dataset.Rejected);
        Assert.Equal(1, dataset.RejectedCount);
        Assert.Equal(name, rejected.File);
        Assert.Equal(2 + bad[file].Take(bad[file].Count - 2).Sum(text => 1 + text.Count(character => character == '\n')), rejected.Line);
        Assert.Contains(reason, rejected.Reason, StringComparison.Ordinal);
        Assert.Equal(row, rejected.Raw);
        Assert.Equal(Text(expected), Text(dataset.Tables));
    }

    static List<string> Text(Pipeline.Model.SourceTables tables) =>
    [
        .. new[] { tables.Orders, tables.OrderItems, tables.Payments, tables.Reviews, tables.Customers, tables.Sellers, tables.Products, tables.Geolocation }
            .SelectMany(BatchText.Rows),
    ];

    [Fact]
    public async Task Bytes_that_are_no_utf_8_make_a_bad_row_even_in_a_column_that_is_not_used()
    {
        using var folder = new TestFolder();
        CsvFolder.WithOneOrder().WriteTo(folder);
        byte[] row = [.. "customer2,person2,01012,s"u8, 0xE3, .. "o paulo,SP\ncustomer3,person3,01012,são paulo,SP\n"u8];
        await using (var stream = new FileStream(folder["olist_customers_dataset.csv"], FileMode.Append)) stream.Write(row);
        var dataset = await Dataset.LoadAsync(folder.Path, TestContext.Current.CancellationToken);
        Assert.Equal(new RejectedRow("olist_customers_dataset.csv", 3, "not valid UTF-8; expected the file in UTF-8", "customer2,person2,01012,s\uFFFDo paulo,SP"), Assert.Single(dataset.Rejected));
        Assert.Equal(["customer1|1012", "customer3|1012"], BatchText.Rows(dataset.Tables.Customers));
    }

    [Fact]
    public async Task A_second_row_counts_when_the_first_of_its_name_was_bad()
    {
        var folder = CsvFolder.WithOneOrder();
        folder[DatasetFiles.Orders].Insert(0, "order1,customer9,nonsense,,,,,");
        var dataset = await folder.LoadAsync();
        Assert.Equal("order1|customer1", BatchText.Row(dataset.Tables.Orders, 0)[..16]);
        Assert.Equal(2, Assert.Single(dataset.Rejected).Line);
    }

    [Fact]
    public async Task Every_second_row_damaged_leaves_every_other_row()
    {
        var random = new Random(5);
        var folder = CsvFolder.Empty();
        string[] damage = ["\"", "x,y", "a,b,5,\"t\"t,m,2018-01-10 00:00:00,2018-01-10 00:00:00", "a,b,5,t,\"never closed,2018-01-10 00:00:00,2018-01-10 00:00:00", "a,b,5,t,m,yesterday,2018-01-10 00:00:00"];
        for (var i = 0; i < 400; i++)
            folder[DatasetFiles.Reviews].Add(i % 2 == 0
                ? $"r{i},o{i},5,\"título {i}\",\"linha um,\r\n\"\"linha\"\" dois\",2018-01-10 00:00:00,2018-01-12 08:00:00"
                : damage[random.Next(damage.Length)]);
        var dataset = await folder.LoadAsync();
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"r{2 * i}"), Enumerable.Range(0, 200).Select(row => dataset.Tables.Reviews.Bytes("review_id").Find(row)));
        Assert.Equal(200, dataset.RejectedCount);
        Assert.All(dataset.Rejected, (row, i) => Assert.Equal(4 + 3 * i, row.Line));
    }
}
