using System.Text;
using System.Text.Json.Nodes;

namespace Olist.Lake.Tests;

/// <summary>Changes the current metadata file of a table by hand, as another engine or a bad disk would.</summary>
static class MetadataEditor
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<string> CurrentKeyAsync(TestLake lake)
    {
        var table = await lake.ReopenAsync();
        return $"bronze/orders/metadata/v{table.MetadataVersion}.metadata.json";
    }

    public static async Task<JsonNode> ReadAsync(TestLake lake) => JsonNode.Parse(await lake.Store.ReadAsync(await CurrentKeyAsync(lake), Token))!;

    public static async Task EditAsync(TestLake lake, Func<string, string> edit)
    {
        var key = await CurrentKeyAsync(lake);
        var before = Encoding.UTF8.GetString(await lake.Store.ReadAsync(key, Token));
        var after = edit(before);
        Assert.NotEqual(before, after);
        await lake.Store.PutAsync(key, Encoding.UTF8.GetBytes(after), Token);
    }

    /// <summary>Drops a snapshot from the list and from the log up to it, as expiry does.</summary>
    public static Task ExpireAsync(TestLake lake, long snapshotId) => EditAsync(lake, text =>
    {
        var json = JsonNode.Parse(text)!;
        foreach (var list in (string[])["snapshots", "snapshot-log"])
            json[list]!.AsArray().RemoveAll(item => item!["snapshot-id"]!.GetValue<long>() == snapshotId);
        return json.ToJsonString();
    });
}
