using System.Text;
using Olist.Pipeline.Datasets;

namespace Olist.Pipeline.Tests.Datasets;

public sealed class BadFileTests
{
    const string Orders = "olist_orders_dataset.csv";

    static async Task<string> MessageOfAsync(Action<TestFolder> damage)
    {
        using var folder = new TestFolder();
        CsvFolder.WithOneOrder().WriteTo(folder);
        damage(folder);
        var exception = await Assert.ThrowsAsync<DatasetException>(() => Dataset.LoadAsync(folder.Path, TestContext.Current.CancellationToken));
        return exception.Message.Replace(folder.Path, "FOLDER", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date", "column 'order_estimated_delivery_date' is missing")]
    [InlineData("order_id,customer_id,status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date", "column 3 is called 'status'; expected 'order_status'")]
    [InlineData("order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date,extra", "column 'extra' is not known")]
    [InlineData("customer_id,order_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date", "another order: column 1 is 'customer_id'; expected 'order_id'")]
    [InlineData("order_id,order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date", "'order_id' is there more than once")]
    [InlineData("order_id;customer_id;order_status;order_purchase_timestamp;order_approved_at;order_delivered_carrier_date;order_delivered_customer_date;order_estimated_delivery_date", "separated by semicolons")]
    [InlineData("order_id , customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date", "'order_id', 'customer_id' are missing")]
    [InlineData("\"order_id", "no header can be read")]
    [InlineData("", "the file is empty")]
    [InlineData("\uFEFF", "the file is empty")]
    [InlineData("\n\n", "missing")]
    [InlineData(CsvFolder.Order, "missing")]
    public async Task A_header_that_is_not_exactly_the_public_one_is_refused(string header, string expected)
    {
        var message = await MessageOfAsync(folder => File.WriteAllText(folder[Orders], header.Length < 3 ? header : header + "\n"));
        Assert.StartsWith($"FOLDER{Path.DirectorySeparatorChar}{Orders}, line 1: ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("order_id,customer_id,order_status,order_purchase_timestamp", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_utf_16_is_called_that() =>
        Assert.Contains("UTF-16", await MessageOfAsync(folder => File.WriteAllText(folder[Orders], "order_id,customer_id\n", Encoding.Unicode)), StringComparison.Ordinal);

    [Fact]
    public async Task A_missing_file_is_named_with_all_that_belong_to_a_dataset()
    {
        var message = await MessageOfAsync(folder => File.Delete(folder["olist_sellers_dataset.csv"]));
        Assert.StartsWith($"FOLDER{Path.DirectorySeparatorChar}olist_sellers_dataset.csv is missing.", message, StringComparison.Ordinal);
        Assert.All(DatasetFiles.All, file => Assert.Contains(file.Name, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_in_the_place_of_a_file_is_refused() =>
        Assert.Contains("can't be opened", await MessageOfAsync(folder =>
        {
            File.Delete(folder[Orders]);
            Directory.CreateDirectory(folder[Orders]);
        }), StringComparison.Ordinal);

    [Fact]
    public async Task Every_header_is_checked_before_any_row_is_read()
    {
        // The largest file is full of damage, yet what is told is the header of the smallest.
        var message = await MessageOfAsync(folder =>
        {
            File.AppendAllText(folder["olist_geolocation_dataset.csv"], "damage\n");
            File.WriteAllText(folder["product_category_name_translation.csv"], "product_category_name\n");
        });
        Assert.Contains("product_category_name_translation.csv, line 1: column 'product_category_name_english' is missing", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_or_nothing_in_the_place_of_the_folder_is_refused()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder["file"], "", TestContext.Current.CancellationToken);
        Assert.Contains("is a file", (await Assert.ThrowsAsync<DatasetException>(() => Dataset.LoadAsync(folder["file"], TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
        Assert.Contains("no folder", (await Assert.ThrowsAsync<DatasetException>(() => Dataset.LoadAsync(folder["nowhere"], TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
    }
}
