using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Olist.Cli;

/// <summary>What a command says: progress on standard error, its result on standard output, as text or as one JSON document.</summary>
static class Report
{
    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new TableNameText() },
    };

    public static void Json(object document) => Console.Out.WriteLine(JsonSerializer.Serialize(document, Options));

    public static void Progress(string line) => Console.Error.WriteLine(line);

    /// <summary>Two columns, the second one right-aligned.</summary>
    public static void Table(string title, IEnumerable<KeyValuePair<string, string>> rows)
    {
        var lines = rows.ToArray();
        if (lines.Length == 0) return;
        var (names, values) = (lines.Max(line => line.Key.Length), lines.Max(line => line.Value.Length));
        Console.Out.WriteLine(title);
        foreach (var (name, value) in lines) Console.Out.WriteLine($"  {name.PadRight(names)}  {value.PadLeft(values)}");
    }
}
