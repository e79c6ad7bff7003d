using Olist.Pipeline.Datasets;
using Olist.Pipeline.Datasets.Synth;
using Olist.Testing;

namespace Olist.Pipeline.Tests.Datasets;

public sealed class SampleDatasetTests
{
    [Fact]
    public async Task The_generator_writes_the_categories_and_headers_of_the_real_files()
    {
        var sample = SampleDataset.Require();
        using var folder = new TestFolder();
        await SyntheticDataset.WriteAsync(10, 1, folder.Path, TestContext.Current.CancellationToken);
        foreach (var file in DatasetFiles.All)
            Assert.Equal(File.ReadLines(Path.Combine(sample, file.Name)).First(), File.ReadLines(folder[file.Name]).First());
        var translation = DatasetFiles.CategoryTranslation.Name;
        Assert.Equal(File.ReadLines(Path.Combine(sample, translation)), File.ReadLines(folder[translation]));
    }

    [Fact]
    public async Task The_real_files_are_read_to_the_last_row()
    {
        var dataset = await Dataset.LoadAsync(SampleDataset.Require(), TestContext.Current.CancellationToken);
        var tables = dataset.Tables;
        Assert.Empty(dataset.Rejected);
        Assert.Equal([8_135, 8_365, 8_924, 8_225, 8_135, 1_610, 5_460, 5_816],
            new[] { tables.Orders, tables.OrderItems, tables.Payments, tables.Reviews, tables.Customers, tables.Sellers, tables.Products, tables.Geolocation }.Select(table => table.RowCount));
        var sum = tables.OrderItems.Longs("price").Span.ToArray().Sum();
        Assert.Equal(SumOfPrices(), sum);
    }

    /// <summary>Straight from the text: that file has no quotes.</summary>
    static long SumOfPrices() => File.ReadLines(Path.Combine(SampleDataset.Require(), DatasetFiles.OrderItems.Name)).Skip(1)
        .Sum(line => (long)(decimal.Parse(line.Split(',')[5], System.Globalization.CultureInfo.InvariantCulture) * 100));
}
