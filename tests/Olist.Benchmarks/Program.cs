using System.Text.Json;
using Olist.Benchmarks;

// serve          tests/bench/parquet-vs-duckdb.mjs asks on stdin, one JSON array a line, and is answered with one JSON object a line
// memory ROWS    appends and scans a table of that many rows and prints the peak of resident memory; see tests/bench/parquet-memory.sh
switch (args)
{
    case ["serve"]: await ServeAsync(); return 0;
    case ["memory", var rows, var folder]: return await MemoryBench.RunAsync(long.Parse(rows, System.Globalization.CultureInfo.InvariantCulture), folder);
    default:
        await Console.Error.WriteLineAsync("usage: Olist.Benchmarks serve | memory ROWS FOLDER");
        return 2;
}

static async Task ServeAsync()
{
    TableBench? bench = null;
    while (await Console.In.ReadLineAsync() is { } line)
    {
        var request = JsonSerializer.Deserialize<JsonElement[]>(line)!;
        string Text(int i) => request[i].GetString()!;
        var measured = await Measured.RunAsync(async () =>
        {
            switch (Text(0))
            {
                case "make":
                    bench = await TableBench.CreateAsync(Text(1), request[2].GetInt32(), request[3].GetInt32(), Text(4));
                    return "made";
                case "write": return await bench!.WriteAsync();
                case "scan": return await bench!.ScanAsync();
                case "filter": return await bench!.FilterAsync([.. request[1].EnumerateArray().Select(name => name.GetString()!)], Text(2), request[3].GetInt64(), request[4].GetInt64());
                default: throw new InvalidOperationException($"No such request: {line}");
            }
        });
        Console.WriteLine(JsonSerializer.Serialize(measured, JsonSerializerOptions.Web));
    }
}
