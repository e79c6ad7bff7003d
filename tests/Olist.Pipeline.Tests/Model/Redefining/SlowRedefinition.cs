using System.Globalization;
using Olist.Pipeline.Datasets;
using Olist.Pipeline.Tests.Datasets;

namespace Olist.Pipeline.Tests.Model.Redefining;

/// <summary>The messages of a dataset, computed from the text of its rows with nothing but loops and LINQ; shares no code with the pipeline. Only for rows without quotes.</summary>
static class SlowRedefinition
{
    sealed record Event(DateTime Time, string OrderId, int Stage, string[] Order);

    static readonly string[] Stages = ["purchase", "approved", "delivered_carrier", "delivered_customer"];

    /// <summary>Each message as <c>topic: event time: fields</c>.</summary>
    public static List<string> Of(CsvFolder dataset)
    {
        List<string[]> Rows(CsvFile file) => [.. dataset[file].Select(row => row.Split(','))];
        var orders = Rows(DatasetFiles.Orders);
        var items = Rows(DatasetFiles.OrderItems);
        var payments = Rows(DatasetFiles.Payments);
        var products = Rows(DatasetFiles.Products);
        var sellers = Rows(DatasetFiles.Sellers);
        var customers = Rows(DatasetFiles.Customers);
        var places = Rows(DatasetFiles.Geolocation);
        var english = Rows(DatasetFiles.CategoryTranslation).ToDictionary(row => row[0], row => row[1]);

        var events = orders
            .SelectMany(order => Enumerable.Range(0, 4).Where(stage => order[3 + stage] != "").Select(stage => new Event(Time(order[3 + stage]), order[0], stage, order)))
            .OrderBy(e => e.Time).ThenBy(e => e.OrderId, StringComparer.Ordinal).ThenBy(e => e.Stage).ToList();
        var reviews = Rows(DatasetFiles.Reviews)
            .OrderBy(review => Time(review[5])).ThenBy(review => review[0], StringComparer.Ordinal).ThenBy(review => review[1], StringComparer.Ordinal).ToList();

        var messages = new List<string>();
        DateTime? previousDay = null;
        foreach (var e in events)
        {
            void Send(string topic, params object?[] fields) => messages.Add(Message(topic, e.Time, fields));
            void SendPlace(string zip)
            {
                var rows = places.Where(place => int.Parse(place[0], CultureInfo.InvariantCulture) == int.Parse(zip, CultureInfo.InvariantCulture)).ToList();
                if (rows.Count == 0) return;
                string Most(int field) => rows.GroupBy(row => row[field]).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).First().Key;
                double Mean(int field) => rows.Sum(row => double.Parse(row[field], CultureInfo.InvariantCulture)) / rows.Count;
                Send("geolocation", int.Parse(zip, CultureInfo.InvariantCulture), Mean(1), Mean(2), Most(4), Most(3));
            }

            Send("order_status", e.OrderId, Stages[e.Stage], Text(e.Time));
            if (e.Stage == 0)
            {
                var paid = payments.Where(payment => payment[0] == e.OrderId).OrderBy(payment => int.Parse(payment[1], CultureInfo.InvariantCulture)).ToList();
                foreach (var (place, payment) in paid.Index())
                    Send("payment", e.OrderId, payment[1], Text(e.Time.AddSeconds(-30 * (paid.Count - 1 - place))), Money(payment[4]), payment[2], payment[3], e.Order[1]);
                var bought = items.Where(item => item[0] == e.OrderId).OrderBy(item => int.Parse(item[1], CultureInfo.InvariantCulture)).ToList();
                foreach (var item in bought) Send("order_item", item[0], item[1], item[4], Money(item[5]), Money(item[6]), item[2], item[3]);
                foreach (var id in bought.Select(item => item[2]).Distinct())
                    foreach (var product in products.Where(product => product[0] == id))
                        Send("product", id, Or(english.GetValueOrDefault(product[1], product[1])), Or(product[5]), Or(product[6]), Or(product[7]), Or(product[8]));
                var selling = bought.Select(item => item[3]).Distinct().SelectMany(id => sellers.Where(seller => seller[0] == id)).ToList();
                foreach (var seller in selling) Send("seller", seller[0], int.Parse(seller[1], CultureInfo.InvariantCulture));
                foreach (var zip in selling.Select(seller => seller[1]).Distinct()) SendPlace(zip);
                if (customers.Find(customer => customer[0] == e.Order[1]) is { } buyer)
                {
                    Send("customer", buyer[0], int.Parse(buyer[2], CultureInfo.InvariantCulture));
                    SendPlace(buyer[2]);
                }
            }
            if (e.Stage == 1 && e.Order[7] != "") Send("estimated_delivery_date", e.OrderId, e.Order[7]);
            foreach (var review in reviews.Where(review => Time(review[5]).Date <= e.Time.Date && (previousDay is null || Time(review[5]).Date > previousDay)))
                messages.Add(ReviewMessage(review, e.Time));
            previousDay = e.Time.Date;
        }
        messages.AddRange(reviews.Where(review => previousDay is null || Time(review[5]).Date > previousDay).Select(review => ReviewMessage(review, Time(review[5]))));
        return messages;
    }

    static string ReviewMessage(string[] review, DateTime time) =>
        Message("review", time, review[0], review[1], review[5], review[6], review[2], Or(review[3]), Or(review[4]));

    static string Message(string topic, DateTime time, params object?[] fields) =>
        $"{topic}: {Text(time)}: {string.Join('|', fields.Select(field => field is null ? "null" : Convert.ToString(field, CultureInfo.InvariantCulture)))}";

    static string? Or(string text) => text == "" ? null : text;

    static string Money(string text) => decimal.Parse(text, CultureInfo.InvariantCulture).ToString("0.00", CultureInfo.InvariantCulture);

    static DateTime Time(string text) => DateTime.ParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    static string Text(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
