using System.Text;
using Olist.Pipeline.Datasets;

namespace Olist.Pipeline.Tests.Datasets;

/// <summary>A dataset as text: the right headers and one small order to begin with; a test changes one thing and writes it.</summary>
sealed class CsvFolder
{
    public const string Order = "order1,customer1,delivered,2018-01-01 10:00:00,2018-01-01 11:00:00,2018-01-03 12:00:00,2018-01-09 13:00:00,2018-01-20 00:00:00";

    readonly Dictionary<string, List<string>> _rows = DatasetFiles.All.ToDictionary(file => file.Name, _ => new List<string>());

    public static CsvFolder Empty() => new();

    public static CsvFolder WithOneOrder()
    {
        var folder = new CsvFolder();
        folder[DatasetFiles.Orders].Add(Order);
        folder[DatasetFiles.Customers].Add("customer1,person1,01012,sao paulo,SP");
        folder[DatasetFiles.OrderItems].Add("order1,1,product1,seller1,2018-01-04 10:00:00,99.9,13.25");
        folder[DatasetFiles.Payments].Add("order1,1,credit_card,3,113.15");
        folder[DatasetFiles.Reviews].Add("review1,order1,5,Ótimo,\"Chegou, e \"\"rápido\"\"\r\nobrigado\",2018-01-10 00:00:00,2018-01-12 08:00:00");
        folder[DatasetFiles.Products].Add("product1,bebes,49,728,4,7150,50,19,45");
        folder[DatasetFiles.Sellers].Add("seller1,20031,rio de janeiro,RJ");
        folder[DatasetFiles.Geolocation].AddRange(["01012,-23.5,-46.6,sao paulo,SP", "01012,-23.7,-46.8,são paulo,SP", "20031,-22.9,-43.1,rio de janeiro,RJ"]);
        folder[DatasetFiles.CategoryTranslation].Add("bebes,baby");
        return folder;
    }

    /// <summary>The rows of a file, each as its text without the line end.</summary>
    public List<string> this[CsvFile file] => _rows[file.Name];

    public string TextOf(CsvFile file) =>
        string.Concat(this[file].Prepend(string.Join(',', file.Columns.Select(column => column.Header))).Select(row => row + "\n"));

    public void WriteTo(TestFolder folder)
    {
        foreach (var file in DatasetFiles.All) File.WriteAllText(folder[file.Name], TextOf(file), new UTF8Encoding(false));
    }

    public async Task<Dataset> LoadAsync()
    {
        using var folder = new TestFolder();
        WriteTo(folder);
        return await Dataset.LoadAsync(folder.Path, TestContext.Current.CancellationToken);
    }
}
