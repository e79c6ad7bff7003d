using System.Globalization;
using Olist.Pipeline.Datasets;
using Olist.Pipeline.Tests.Datasets;

namespace Olist.Pipeline.Tests.Model.Redefining;

/// <summary>Small random datasets in which everything that is rare happens often: equal times, shared sellers, unknown ids, orders without a purchase.</summary>
static class RandomOrders
{
    public static CsvFolder Make(Random random)
    {
        var folder = CsvFolder.Empty();
        string Id(string kind, int count) => kind + random.Next(count);
        string Time() => new DateTime(2018, 2, 27).AddDays(random.Next(4)).AddHours(random.Next(3) * 8).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        string TimeOrNone() => random.Next(4) == 0 ? "" : Time();
        var orders = random.Next(0, 12);
        for (var i = 0; i < orders; i++)
            folder[DatasetFiles.Orders].Add($"o{i * 7 % 12},c{i},delivered,{TimeOrNone()},{TimeOrNone()},{TimeOrNone()},{TimeOrNone()},{TimeOrNone()}");
        for (var i = random.Next(0, 25); i > 0; i--)
            folder[DatasetFiles.OrderItems].Add($"{Id("o", 14)},{random.Next(1, 4)},{Id("p", 6)},{Id("s", 6)},{Time()},{random.Next(100)}.{random.Next(10)},0.0");
        for (var i = random.Next(0, 20); i > 0; i--)
            folder[DatasetFiles.Payments].Add($"{Id("o", 14)},{random.Next(1, 5)},voucher,{random.Next(1, 9)},{random.Next(100)}.05");
        for (var i = 0; i < random.Next(0, 20); i++)
            folder[DatasetFiles.Reviews].Add($"r{random.Next(10)},o{i},{random.Next(1, 6)},{(random.Next(2) == 0 ? "" : "bom")},,{ReviewTime(random)},{Time()}");
        for (var i = 0; i < 5; i++) folder[DatasetFiles.Products].Add($"p{i},{(i == 0 ? "" : Id("categoria", 3))},,,,{(i == 1 ? "" : "5")},1,2,3");
        for (var i = 0; i < 5; i++) folder[DatasetFiles.Sellers].Add($"s{i},{random.Next(4):00000},x,SP");
        for (var i = 0; i < 11; i++) folder[DatasetFiles.Customers].Add($"c{i},u,{random.Next(4):00000},x,SP");
        for (var i = random.Next(0, 12); i > 0; i--) folder[DatasetFiles.Geolocation].Add($"{random.Next(3):00000},{random.Next(90)},{random.Next(90)},{Id("city", 3)},{Id("S", 2)}");
        folder[DatasetFiles.CategoryTranslation].Add("categoria1,category one");
        return folder;
    }

    static string ReviewTime(Random random) =>
        new DateTime(2018, 2, 25).AddDays(random.Next(8)).AddHours(random.Next(2)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
