using System.Text;
using Olist.Pipeline.Datasets;

namespace Olist.Pipeline.Tests.Datasets;

public sealed class DatasetTests
{
    [Fact]
    public async Task A_small_dataset_is_read_value_by_value()
    {
        var dataset = await CsvFolder.WithOneOrder().LoadAsync();
        var tables = dataset.Tables;
        Assert.Equal(["order1|customer1|2018-01-01 10:00:00|2018-01-01 11:00:00|2018-01-03 12:00:00|2018-01-09 13:00:00|2018-01-20 00:00:00"], BatchText.Rows(tables.Orders));
        Assert.Equal(["order1|1|product1|seller1|2018-01-04 10:00:00|99.90|13.25"], BatchText.Rows(tables.OrderItems));
        Assert.Equal(["order1|1|credit_card|3|113.15"], BatchText.Rows(tables.Payments));
        Assert.Equal(["review1|order1|5|Ótimo|Chegou, e \"rápido\"\r\nobrigado|2018-01-10 00:00:00|2018-01-12 08:00:00"], BatchText.Rows(tables.Reviews));
        Assert.Equal(["customer1|1012"], BatchText.Rows(tables.Customers));
        Assert.Equal(["seller1|20031"], BatchText.Rows(tables.Sellers));
        Assert.Equal(["product1|baby|7150|50|19|45"], BatchText.Rows(tables.Products));
        Assert.Equal(["1012|-23.6|-46.7|SP|sao paulo", "20031|-22.9|-43.1|RJ|rio de janeiro"], BatchText.Rows(tables.Geolocation));
        Assert.Equal(0, dataset.RejectedCount);
    }

    [Fact]
    public async Task Fields_where_the_dataset_has_gaps_are_nulls()
    {
        var folder = CsvFolder.WithOneOrder();
        folder[DatasetFiles.Orders].Add("order2,customer2,created,,,,,");
        folder[DatasetFiles.Products].Add("product2,,,,,,,,");
        folder[DatasetFiles.Reviews].Add("review2,order1,4,,\"\",2018-01-10 00:00:00,2018-01-12 08:00:00");
        folder[DatasetFiles.Customers].Add("customer2,,09999,,");
        folder[DatasetFiles.Customers].Add("customer3,,,,");
        folder[DatasetFiles.OrderItems].Add("order1,,product1,seller1,,5.00,");
        folder[DatasetFiles.Payments].Add("order1,2,,,");
        var dataset = await folder.LoadAsync();
        Assert.Equal("order2|customer2|null|null|null|null|null", BatchText.Row(dataset.Tables.Orders, 1));
        Assert.Equal("product2|null|null|null|null|null", BatchText.Row(dataset.Tables.Products, 1));
        Assert.Equal("review2|order1|4|null|null|2018-01-10 00:00:00|2018-01-12 08:00:00", BatchText.Row(dataset.Tables.Reviews, 1));
        Assert.Equal("customer2|9999", BatchText.Row(dataset.Tables.Customers, 1));
        Assert.Equal("customer3|null", BatchText.Row(dataset.Tables.Customers, 2));
        Assert.Equal("order1|null|product1|seller1|null|5.00|null", BatchText.Row(dataset.Tables.OrderItems, 1));
        Assert.Equal("order1|2|null|null|null", BatchText.Row(dataset.Tables.Payments, 1));
        Assert.Equal(0, dataset.RejectedCount);
    }

    [Fact]
    public async Task Categories_are_translated_as_far_as_anybody_knows()
    {
        var folder = CsvFolder.WithOneOrder();
        folder[DatasetFiles.Products].AddRange(["p2,pc_gamer,,,,,,,", "p3,portateis_cozinha_e_preparadores_de_alimentos,,,,,,,", "p4,coisas_novas,,,,,,,", "p5,,,,,,,,", "p6,bebes,,,,,,,"]);
        var categories = (await folder.LoadAsync()).Tables.Products.Bytes("category");
        Assert.Equal(["baby", "gaming_pc", "portable_kitchen_and_food_preparators", "coisas_novas", null, "baby"], Enumerable.Range(0, 6).Select(categories.Find));
    }

    [Fact]
    public async Task A_location_is_the_mean_of_its_rows_and_the_name_that_most_of_them_have()
    {
        var folder = CsvFolder.Empty();
        folder[DatasetFiles.Geolocation].AddRange(
        [
            "00020,1,10,b,SP", "00020,2,20,a,RJ", "00020,6,30,b,RJ",
            "00010,1,1,zebra,SP", "00010,1,1,antas,RJ", "00010,1,1,zé,AC",
            "00020,3,0,a,SP",
        ]);
        Assert.Equal(["10|1|1|AC|antas", "20|3|15|RJ|a"], BatchText.Rows((await folder.LoadAsync()).Tables.Geolocation));
    }

    [Fact]
    public async Task Files_of_headers_alone_are_a_dataset_of_nothing()
    {
        var dataset = await CsvFolder.Empty().LoadAsync();
        Assert.Equal(0, dataset.Tables.Orders.RowCount + dataset.Tables.Products.RowCount + dataset.Tables.Geolocation.RowCount + dataset.RejectedCount);
    }

    [Fact]
    public async Task The_style_of_the_files_makes_no_difference()
    {
        var plain = CsvFolder.WithOneOrder();
        var expected = BatchText.Rows((await plain.LoadAsync()).Tables.Orders);
        foreach (var style in (Func<string, string>[])
            [text => "\uFEFF" + text, text => text.Replace("\n", "\r\n", StringComparison.Ordinal), text => text.TrimEnd('\n'), Quoted])
        {
            using var folder = new TestFolder();
            plain.WriteTo(folder);
            await File.WriteAllTextAsync(folder[DatasetFiles.Orders.Name], style(plain.TextOf(DatasetFiles.Orders)), TestContext.Current.CancellationToken);
            var dataset = await Dataset.LoadAsync(folder.Path, TestContext.Current.CancellationToken);
            Assert.Equal(expected, BatchText.Rows(dataset.Tables.Orders));
            Assert.Equal(0, dataset.RejectedCount);
        }
    }

    static string Quoted(string text) => string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => "\"" + line.Replace(",", "\",\"", StringComparison.Ordinal) + "\"\n"));

    [Fact]
    public async Task The_fingerprint_tells_datasets_apart_wherever_they_lie()
    {
        var folder = CsvFolder.WithOneOrder();
        var fingerprint = (await folder.LoadAsync()).Fingerprint;
        Assert.Equal(fingerprint, (await folder.LoadAsync()).Fingerprint);
        Assert.Equal(16, fingerprint.Length);
        folder[DatasetFiles.Customers][0] = "customer1,person1,01013,sao paulo,SP";
        Assert.NotEqual(fingerprint, (await folder.LoadAsync()).Fingerprint);
    }

    [Fact]
    public async Task A_cancelled_load_stops()
    {
        using var folder = new TestFolder();
        CsvFolder.WithOneOrder().WriteTo(folder);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Dataset.LoadAsync(folder.Path, new CancellationToken(true)));
    }

    [Fact]
    public async Task A_file_of_garbage_is_counted_and_kept_only_in_part()
    {
        using var folder = new TestFolder();
        CsvFolder.WithOneOrder().WriteTo(folder);
        await File.AppendAllTextAsync(folder[DatasetFiles.Payments.Name], string.Concat(Enumerable.Repeat("no payment\n", RejectedRows.MaxKept + 5)), Encoding.UTF8, TestContext.Current.CancellationToken);
        var dataset = await Dataset.LoadAsync(folder.Path, TestContext.Current.CancellationToken);
        Assert.Equal(RejectedRows.MaxKept + 5, dataset.RejectedCount);
        Assert.Equal(RejectedRows.MaxKept, dataset.Rejected.Count());
        Assert.Equal(1, dataset.Tables.Payments.RowCount);
    }
}
