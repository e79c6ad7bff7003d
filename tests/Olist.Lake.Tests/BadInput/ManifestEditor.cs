using System.Text;
using Olist.Formats.Avro;

namespace Olist.Lake.Tests.BadInput;

/// <summary>Writes one value of the newest manifest list or manifest of a table anew, as a careless writer would have.</summary>
static class ManifestEditor
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Of the first record in the manifest list.</summary>
    /// <returns>The key of the list.</returns>
    public static async Task<string> EditListAsync(TestLake lake, string field, object? value)
    {
        var key = KeyOf(lake, (await lake.ReopenAsync()).Current!.ManifestList); // the test has committed
        await RewriteAsync(lake, key, (schema, records) => records[0][schema.Find(field)] = value);
        return key;
    }

    /// <summary>Of the first entry, or of its data file, in the first manifest; the list is made to fit its new length.</summary>
    /// <returns>The key of the manifest.</returns>
    public static async Task<string> EditManifestAsync(TestLake lake, string field, object? value)
    {
        var list = KeyOf(lake, (await lake.ReopenAsync()).Current!.ManifestList); // the test has committed
        var (_, _, manifests) = AvroFile.Read(await lake.Store.ReadAsync(list, Token), list);
        var key = KeyOf(lake, (string)manifests[0]["manifest_path"]!); // required by the format
        var length = await RewriteAsync(lake, key, (schema, records) =>
        {
            if (schema.Find(field) is var at and >= 0) records[0][at] = value;
            else
            {
                var file = (AvroRecord)records[0][schema.Find("data_file")]!; // required by the format
                var values = file.Values.ToArray();
                values[file.Schema.Find(field)] = value;
                records[0][schema.Find("data_file")] = values;
            }
        });
        await EditListAsync(lake, "manifest_length", (long)length);
        return key;
    }

    static string KeyOf(TestLake lake, string location) => location[(lake.Store.RootUri.Length + 1)..];

    static async Task<int> RewriteAsync(TestLake lake, string key, Action<AvroRecordSchema, List<object?[]>> edit)
    {
        var (schema, header, records) = AvroFile.Read(await lake.Store.ReadAsync(key, Token), key);
        var rows = records.Select(record => record.Values.ToArray()).ToList();
        edit((AvroRecordSchema)schema, rows);
        // Only what the format knows: a checksum of this project would speak of the file as it was.
        var kept = header.Where(entry => !entry.Key.StartsWith("avro.", StringComparison.Ordinal) && !entry.Key.StartsWith("olist.", StringComparison.Ordinal)).Select(entry => KeyValuePair.Create(entry.Key, Encoding.UTF8.GetString(entry.Value)));
        var content = AvroFile.Write(schema, rows, kept, deflate: false);
        await lake.Store.PutAsync(key, content, Token);
        return content.Length;
    }
}
