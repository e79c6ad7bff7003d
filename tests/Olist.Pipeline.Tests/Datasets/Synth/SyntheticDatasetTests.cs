using Olist.Pipeline.Datasets;
using Olist.Pipeline.Datasets.Synth;

namespace Olist.Pipeline.Tests.Datasets.Synth;

public sealed class SyntheticDatasetTests
{
    static async Task<Dataset> MakeAsync(int orders, long seed)
    {
        using var folder = new TestFolder();
        await SyntheticDataset.WriteAsync(orders, seed, folder["made/here"], TestContext.Current.CancellationToken);
        return await Dataset.LoadAsync(folder["made/here"], TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_same_orders_and_seed_give_the_same_bytes_everywhere()
    {
        // Change the literals only when the generator is meant to write other data: README and benchmarks name datasets by orders and seed.
        Assert.Equal("98a69ad08292a77d", (await MakeAsync(700, 7)).Fingerprint);
        Assert.Equal("2d3626bef52068d1", (await MakeAsync(1, -1)).Fingerprint);
        Assert.NotEqual((await MakeAsync(700, 8)).Fingerprint, (await MakeAsync(700, 7)).Fingerprint);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(50), InlineData(3_000)]
    public async Task Every_row_of_every_size_can_be_read_and_belongs_to_something(int orders)
    {
        var dataset = await MakeAsync(orders, 20_181_017);
        var tables = dataset.Tables;
        Assert.Empty(dataset.Rejected);
        Assert.Equal(orders, tables.Orders.RowCount);
        Assert.Equal(orders, tables.Customers.RowCount);
        foreach (var (part, key, whole) in new[]
        {
            (tables.OrderItems, "order_id", tables.Orders), (tables.Payments, "order_id", tables.Orders), (tables.Reviews, "order_id", tables.Orders),
            (tables.OrderItems, "product_id", tables.Products), (tables.OrderItems, "seller_id", tables.Sellers), (tables.Orders, "customer_id", tables.Customers),
        })
            Assert.DoesNotContain(-1, new Formats.Columns.KeyIndex(whole[key]).FindAll(part[key]));
    }

    [Fact]
    public async Task A_run_that_is_cancelled_leaves_no_half_files()
    {
        using var folder = new TestFolder();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SyntheticDataset.WriteAsync(100, 1, folder["out"], cancelled.Token));
        Assert.Empty(Directory.EnumerateFiles(folder["out"]));
    }

    [Fact]
    public async Task Writing_again_replaces_what_is_there()
    {
        using var folder = new TestFolder();
        await SyntheticDataset.WriteAsync(100, 1, folder.Path, TestContext.Current.CancellationToken);
        await SyntheticDataset.WriteAsync(30, 1, folder.Path, TestContext.Current.CancellationToken);
        Assert.Equal(30, (await Dataset.LoadAsync(folder.Path, TestContext.Current.CancellationToken)).Tables.Orders.RowCount);
        Assert.Equal(DatasetFiles.All.Select(file => file.Name).Order(), Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_place_that_can_not_be_written_to_is_named()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder["file"], "", TestContext.Current.CancellationToken);
        var exception = await Assert.ThrowsAsync<DatasetException>(() => SyntheticDataset.WriteAsync(5, 1, folder["file"], TestContext.Current.CancellationToken));
        Assert.Contains(folder["file"], exception.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(0), InlineData(-1), InlineData(int.MaxValue)]
    public async Task A_number_of_orders_that_makes_no_sense_is_refused(int orders) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SyntheticDataset.WriteAsync(orders, 1, "nowhere", TestContext.Current.CancellationToken));

    [Theory, InlineData(SyntheticDataset.PublicMonths - 1), InlineData(SyntheticDataset.MaxMonths + 1)]
    public async Task A_number_of_months_that_makes_no_sense_is_refused(int months) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SyntheticDataset.WriteAsync(1, 1, months, "nowhere", TestContext.Current.CancellationToken));
}
