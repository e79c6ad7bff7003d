using System.Text;
using static Olist.Lake.Tests.TestLake;

namespace Olist.Lake.Tests.BadInput;

/// <summary>What is no table, no table of this version, or another table than before.</summary>
public sealed class NoTableTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static ValueTask PutAsync(TestLake lake, string key, string text) => lake.Store.PutAsync($"bronze/{key}", Encoding.UTF8.GetBytes(text), Token);

    [Theory]
    [InlineData("notes/readme.txt", "notes")]
    [InlineData("notes/metadata/00003-0b1f.metadata.json", "00003-0b1f.metadata.json")]
    [InlineData("notes/metadata/v1.metadata.json.gz", "v1.metadata.json.gz")]
    public async Task A_folder_that_is_no_table_of_this_lake_is_named(string key, string says)
    {
        var lake = await CreateAsync();
        await PutAsync(lake, key, "{}");
        var error = await Assert.ThrowsAsync<NotATableException>(async () => await lake.Catalog.GetTableAsync(new TableName("bronze", "notes"), Token));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "not an object"), InlineData("", "v1.metadata.json"), InlineData("{\"format-version\":2}{}", "not readable as table metadata"), InlineData("{\"format-version\":2,\"format-version\":2}", "format-version")]
    [InlineData("{\"format-version\":\"2\"}", "format-version"), InlineData("{\"format-version\":1}", "format-version 1"), InlineData("{\"format-version\":3}", "format-version 3"), InlineData("{\"format-version\":99}", "format-version 99")]
    [InlineData("{\"format-version\":2147483648}", "format-version"), InlineData("{}", "format-version")]
    public async Task A_document_that_is_no_metadata_of_version_2_is_named(string text, string says)
    {
        var lake = await CreateAsync();
        await PutAsync(lake, "notes/metadata/v1.metadata.json", text);
        var error = await Assert.ThrowsAnyAsync<LakeException>(async () => await lake.Catalog.GetTableAsync(new TableName("bronze", "notes"), Token));
        Assert.True(error is CorruptTableException or UnsupportedFormatException, $"{error.GetType().Name}: {error.Message}");
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains("v1.metadata.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"type\":\"timestamptz\"", "\"type\":\"variant\"", "variant", "schemas[0].fields[2].type")]
    [InlineData("\"type\":\"decimal(10, 2)\"", "\"type\":\"decimal(40, 2)\"", "decimal(40, 2)", "schemas[0].fields[3].type")]
    [InlineData("\"type\":\"decimal(10, 2)\"", "\"type\":\"fixed[0]\"", "fixed[0]", "schemas[0].fields[3].type")]
    [InlineData("\"type\":\"long\"", "\"type\":{\"type\":\"bag\"}", "bag", "schemas[0].fields[4].type")]
    [InlineData("\"id\":5", "\"id\":\"five\"", "id", "schemas[0].fields[4]")]
    [InlineData("\"required\":true", "\"required\":\"yes\"", "required", "schemas[0].fields[0]")]
    [InlineData("\"name\":\"quantity\"", "\"name\":\"price\"", "two fields of one name", "schemas[0]")]
    [InlineData("\"current-snapshot-id\":", "\"current-snapshot-id\":12,\"was\":", "current-snapshot-id 12", "")]
    [InlineData("\"sort-orders\":[", "\"sort-orders\":[{}],\"was\":[", "order-id", "sort-orders[0]")]
    [InlineData("\"timestamp-ms\":", "\"timestamp-ms\":9223372036854775807,\"was\":", "", "")]
    [InlineData("\"snapshots\":[", "\"snapshots\":[7,", "snapshots[0]", "")]
    [InlineData("\"last-updated-ms\":", "\"updated\":", "last-updated-ms", "")]
    public async Task A_field_that_can_not_be_is_named_with_its_place(string from, string to, string says, string place)
    {
        var lake = await CreateAsync();
        await lake.AppendAsync(Order(1));
        await MetadataEditor.EditAsync(lake, json => json.Replace(from, to, StringComparison.Ordinal));
        var error = await Assert.ThrowsAnyAsync<LakeException>(lake.ReopenToFailAsync);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains("v2.metadata.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_with_an_unknown_transform_is_read_and_not_written()
    {
        var lake = await CreateAsync(Definition with { Partitioning = [("order_id", "bucket[4]")] });
        await lake.AppendAsync(Order(1), Order(2), Order(3));
        await MetadataEditor.EditAsync(lake, json => json.Replace("bucket[4]", "zorder[4]", StringComparison.Ordinal));
        var table = await lake.ReopenAsync();
        Assert.Equal([Order(1), Order(2), Order(3)], await ScanAsync(table));
        var error = await Assert.ThrowsAnyAsync<LakeException>(async () => await table.CommitAsync(new TableChange { Append = [Batch(Order(4))] }, Token));
        Assert.Contains("zorder[4]", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, (await ScanAsync(await lake.ReopenAsync())).Count);
    }

    [Fact]
    public async Task A_table_that_was_dropped_and_made_again_is_not_taken_for_the_one_before()
    {
        var lake = await CreateAsync();
        await lake.AppendAsync(Order(1));
        var open = await lake.ReopenAsync();
        await MetadataEditor.EditAsync(lake, json => json.Replace(open.Uuid.ToString(), Guid.NewGuid().ToString(), StringComparison.Ordinal));
        var other = await lake.ReopenAsync();
        await other.CommitAsync(new TableChange { Append = [Batch(Order(2))] }, Token);
        foreach (var use in (Func<Task>[])[() => open.RefreshAsync(Token).AsTask(), () => open.CommitAsync(new TableChange { Append = [Batch(Order(3))] }, Token).AsTask()])
        {
            var error = await Assert.ThrowsAsync<CorruptTableException>(use);
            Assert.Contains(open.Uuid.ToString(), error.Message, StringComparison.Ordinal);
            Assert.Contains(other.Uuid.ToString(), error.Message, StringComparison.Ordinal);
        }
        Assert.Equal([Order(1), Order(2)], await ScanAsync(await lake.ReopenAsync()));
    }
}
