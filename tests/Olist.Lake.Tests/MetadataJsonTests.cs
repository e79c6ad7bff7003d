using System.Text;
using System.Text.Json.Nodes;
using Olist.Formats.Columns;
using Olist.Testing.Stores;
using static Olist.Lake.Tests.TestLake;

namespace Olist.Lake.Tests;

public sealed class MetadataJsonTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2018, 8, 29, 12, 0, 0, TimeSpan.Zero);
    }

    static async Task<JsonNode> CurrentAsync(TestLake lake) => JsonNode.Parse(Encoding.UTF8.GetString(await lake.Store.ReadAsync(await MetadataEditor.CurrentKeyAsync(lake), Token)))!;

    [Fact]
    public async Task A_new_table_is_the_document_that_the_format_wants()
    {
        var definition = new TableDefinition([new(1, "id", DataType.Long, true), new(2, "price", DataType.Decimal(10, 2)), new(3, "at", DataType.TimestampTz), new(4, "hash", DataType.Fixed(20))])
        {
            Key = ["id"],
            Partitioning = [("at", "day"), ("id", "bucket[16]")],
            SortOrder = ["id"],
        };
        var lake = await CreateAsync(definition, seed: 1, time: new FixedClock());
        var json = await CurrentAsync(lake);
        Assert.True(Guid.TryParse(json["table-uuid"]!.GetValue<string>(), out _));
        json["table-uuid"] = "u";
        Assert.True(json.AsObject().Remove("olist.crc32c"));
        Assert.Equal("""
            {"format-version":2,"table-uuid":"u","location":"s3://memory/lake/bronze/orders","last-sequence-number":0,"last-updated-ms":1535544000000,"last-column-id":4,
            "current-schema-id":0,"schemas":[{"type":"struct","schema-id":0,"identifier-field-ids":[1],"fields":[{"id":1,"name":"id","required":true,"type":"long"},
            {"id":2,"name":"price","required":false,"type":"decimal(10, 2)"},{"id":3,"name":"at","required":false,"type":"timestamptz"},{"id":4,"name":"hash","required":false,"type":"fixed[20]"}]}],
            "default-spec-id":0,"partition-specs":[{"spec-id":0,"fields":[{"source-id":3,"field-id":1000,"name":"at_day","transform":"day"},{"source-id":1,"field-id":1001,"name":"id_bucket","transform":"bucket[16]"}]}],
            "last-partition-id":1001,"default-sort-order-id":1,"sort-orders":[{"order-id":0,"fields":[]},{"order-id":1,"fields":[{"transform":"identity","source-id":1,"direction":"asc","null-order":"nulls-first"}]}],
            "properties":{"write.parquet.compression-codec":"snappy","write.metadata.delete-after-commit.enabled":"true","write.metadata.previous-versions-max":"20"},
            "current-snapshot-id":-1,"refs":{},"snapshots":[],"snapshot-log":[],"metadata-log":[]}
            """.ReplaceLineEndings(""), json.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal("1"u8.ToArray(), await lake.Store.ReadAsync("bronze/orders/metadata/version-hint.text", Token));
    }

    [Fact]
    public async Task A_commit_keeps_the_books()
    {
        var lake = await CreateAsync(time: new FixedClock());
        var first = await lake.AppendAsync(Order(1), Order(2));
        var second = await UpsertAsync(lake.Table, [Order(2, "b")]);
        var json = await CurrentAsync(lake);
        Assert.Equal(2, json["last-sequence-number"]!.GetValue<long>());
        Assert.Equal(second.SnapshotId, json["current-snapshot-id"]!.GetValue<long>());
        Assert.Equal(second.SnapshotId, json["refs"]!["main"]!["snapshot-id"]!.GetValue<long>());
        Assert.Equal([first.SnapshotId, second.SnapshotId], json["snapshot-log"]!.AsArray().Select(entry => entry!["snapshot-id"]!.GetValue<long>()));
        Assert.Equal(["s3://memory/lake/bronze/orders/metadata/v1.metadata.json", "s3://memory/lake/bronze/orders/metadata/v2.metadata.json"], json["metadata-log"]!.AsArray().Select(entry => entry!["metadata-file"]!.GetValue<string>()));
        var snapshots = json["snapshots"]!.AsArray();
        Assert.Null(snapshots[0]!["parent-snapshot-id"]);
        Assert.Equal(first.SnapshotId, snapshots[1]!["parent-snapshot-id"]!.GetValue<long>());
        Assert.True(second.SnapshotId is > 0 and <= (1L << 53) - 1);
        // The clock stands still, but time along the branch does not.
        Assert.Equal(first.Timestamp.AddMilliseconds(1), second.Timestamp);
        var summary = snapshots[1]!["summary"]!.AsObject().Where(entry => entry.Key is not ("olist.commit-id" or "added-files-size" or "total-files-size")).Select(entry => $"{entry.Key}={entry.Value}");
        Assert.Equal(["operation=overwrite", "added-data-files=1", "added-records=1", "added-delete-files=1", "added-position-delete-files=1", "added-position-deletes=1", "changed-partition-count=1",
            "total-data-files=2", "total-records=3", "total-delete-files=1", "total-position-deletes=1", "total-equality-deletes=0", "olist.merge=mor"], summary);
    }

    [Fact]
    public async Task What_is_not_understood_survives_a_commit()
    {
        var lake = await CreateAsync();
        await lake.AppendAsync(Order(1));
        await MetadataEditor.EditAsync(lake, text =>
        {
            var json = JsonNode.Parse(text)!;
            json["statistics"] = new JsonArray(new JsonObject { ["snapshot-id"] = 1, ["note"] = "héllo \"x\"" });
            json["future"] = new JsonObject { ["a"] = 1.50 };
            json["snapshots"]![0]!["key-id"] = "k1";
            json["refs"]!["main"]!["min-snapshots-to-keep"] = 3;
            json["refs"]!["audit"] = new JsonObject { ["snapshot-id"] = json["current-snapshot-id"]!.GetValue<long>(), ["type"] = "tag", ["max-ref-age-ms"] = 5 };
            json["last-column-id"] = 99;
            json["schemas"]!.AsArray().Add(JsonNode.Parse("""{"type":"struct","schema-id":1,"fields":[{"id":90,"name":"l","required":false,"doc":"d","type":{"type":"list","element-id":91,"element-required":true,"element":{"type":"struct","fields":[{"id":92,"name":"m","required":false,"type":{"type":"map","key-id":93,"key":"string","value-id":94,"value":"uuid","value-required":false}}]}}}]}"""));
            return json.ToJsonString();
        });
        var table = await lake.ReopenAsync();
        await table.CommitAsync(new TableChange { Append = [Batch(Order(2))] }, Token);
        var after = await CurrentAsync(lake);
        Assert.Equal("héllo \"x\"", after["statistics"]![0]!["note"]!.GetValue<string>());
        Assert.Equal("{\"a\":1.5}", after["future"]!.ToJsonString());
        Assert.Equal("k1", after["snapshots"]![0]!["key-id"]!.GetValue<string>());
        Assert.Equal(3, after["refs"]!["main"]!["min-snapshots-to-keep"]!.GetValue<int>());
        Assert.Equal(5, after["refs"]!["audit"]!["max-ref-age-ms"]!.GetValue<int>());
        Assert.Equal(99, after["last-column-id"]!.GetValue<int>());
        Assert.Equal(94, after["schemas"]![1]!["fields"]![0]!["type"]!["element"]!["fields"]![0]!["type"]!["value-id"]!.GetValue<int>());
        Assert.Equal(2, (await TestLake.ScanAsync(await lake.ReopenAsync())).Count);
    }

    [Theory]
    [InlineData("\"format-version\":2", "\"format-version\":3", typeof(UnsupportedFormatException), "format-version 3")]
    [InlineData("\"type\":\"timestamptz\"", "\"type\":\"timestamp_ns\"", typeof(UnsupportedFormatException), "timestamp_ns")]
    [InlineData("\"last-sequence-number\":1", "\"last-sequence-number\":0", typeof(CorruptTableException), "last-sequence-number 0")]
    [InlineData("\"current-schema-id\":0", "\"current-schema-id\":7", typeof(CorruptTableException), "current-schema-id 7")]
    [InlineData("\"default-spec-id\":0", "\"default-spec-id\":7", typeof(CorruptTableException), "default-spec-id 7")]
    [InlineData("\"last-column-id\":5", "\"last-column-id\":4", typeof(CorruptTableException), "last-column-id 4")]
    [InlineData("\"location\":", "\"loc\":", typeof(CorruptTableException), "'location'")]
    [InlineData("\"location\":\"", "\"location\":[\"x\"],\"l\":\"", typeof(CorruptTableException), "location")]
    [InlineData("\"refs\":{\"main\"", "\"refs\":{\"old\":{\"snapshot-id\":5,\"type\":\"tag\"},\"main\"", typeof(CorruptTableException), "ref old")]
    [InlineData("\"manifest-list\":", "\"manifest-lost\":", typeof(CorruptTableException), "manifest-list is missing")]
    [InlineData("\"table-uuid\":\"", "\"table-uuid\":\"x", typeof(CorruptTableException), "table-uuid")]
    public async Task A_document_that_contradicts_itself_or_the_format_is_refused_by_name(string from, string to, Type expected, string says)
    {
        var lake = await CreateAsync();
        await lake.AppendAsync(Order(1));
        await MetadataEditor.EditAsync(lake, json => json.Replace(from, to, StringComparison.Ordinal));
        var error = await Assert.ThrowsAnyAsync<LakeException>(lake.ReopenToFailAsync);
        Assert.IsType(expected, error);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains("v2.metadata.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_minus_one_or_null_current_snapshot_is_none()
    {
        foreach (var text in (string[])["", "\"current-snapshot-id\":null,", "\"current-snapshot-id\":-1,"])
        {
            var lake = await CreateAsync();
            if (!text.EndsWith("-1,", StringComparison.Ordinal))
                await MetadataEditor.EditAsync(lake, json => json.Replace("\"current-snapshot-id\":-1,", text, StringComparison.Ordinal));
            Assert.Null((await lake.ReopenAsync()).Current);
        }
    }

    [Fact]
    public async Task Every_truncation_of_a_metadata_file_is_named()
    {
        var lake = await CreateAsync(store: new MemoryObjectStore());
        await lake.AppendAsync(Order(1));
        var key = await MetadataEditor.CurrentKeyAsync(lake);
        var whole = await lake.Store.ReadAsync(key, Token);
        for (var length = 0; length < whole.Length; length += 7)
        {
            await lake.Store.PutAsync(key, whole.AsMemory(0, length), Token);
            Assert.Contains("v2.metadata.json", (await Assert.ThrowsAnyAsync<LakeException>(lake.ReopenToFailAsync)).Message, StringComparison.Ordinal);
        }
    }
}
