using static Olist.Lake.Tests.TestLake;

namespace Olist.Lake.Tests.BadInput;

/// <summary>Manifests that are well formed and wrong: a typed error names the file and what is wrong with it.</summary>
public sealed class ManifestLiesTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static async Task<TestLake> MakeAsync()
    {
        var lake = await CreateAsync();
        await lake.AppendAsync(Order(1));
        await lake.AppendAsync(Order(2));
        return lake;
    }

    static async Task ReadAllAsync(TestLake lake)
    {
        await foreach (var _ in (await lake.ReopenAsync()).ScanAsync(null, null, Token)) { }
    }

    static async Task RefusedAsync(TestLake lake, string file, string says, Type expected)
    {
        var error = await Assert.ThrowsAnyAsync<LakeException>(() => ReadAllAsync(lake));
        Assert.IsType(expected, error);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        // Maintenance does not build on it either.
        await Assert.ThrowsAnyAsync<LakeException>(async () => await new LakeMaintenance(new MaintenanceOptions { MinFiles = 2 }).CompactAsync(await lake.ReopenAsync(), Token));
    }

    public static TheoryData<string, object?, string> ListLies => new()
    {
        { "manifest_length", 7L, "bytes, but its manifest list says 7" },
        { "partition_spec_id", 7, "partition spec 7" },
        { "content", 9, "content" },
        { "content", 1, "in a manifest of deletes" },
        { "manifest_path", "s3://elsewhere/table/metadata/x.avro", "s3://elsewhere/table/metadata/x.avro" },
        { "manifest_path", "s3://memory/lake/bronze/orders/metadata/nobody.avro", "nobody.avro is missing" },
        { "manifest_path", "", "" },
    };

    [Theory, MemberData(nameof(ListLies))]
    public async Task A_manifest_list_that_lies_is_refused_by_name(string field, object? value, string says)
    {
        var lake = await MakeAsync();
        var list = await ManifestEditor.EditListAsync(lake, field, value);
        var error = await Assert.ThrowsAnyAsync<LakeException>(() => ReadAllAsync(lake));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains("bronze", error.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(list));
    }

    public static TheoryData<string, object?, string, string> ManifestLies => new()
    {
        { "record_count", 3L, "has 1 rows, but its manifest says 3", ".parquet" },
        { "record_count", -1L, "record_count -1", "-m0.avro" },
        { "file_size_in_bytes", -1L, "file_size_in_bytes -1", "-m0.avro" },
        { "content", 5, "content 5", "-m0.avro" },
        { "content", 1, "in a manifest of data", "-m0.avro" },
        { "status", 9, "status 9", "-m0.avro" },
        { "file_path", "s3://memory/lake/bronze/orders/data/nobody.parquet", "nobody.parquet is missing", "nobody.parquet" },
    };

    [Theory, MemberData(nameof(ManifestLies))]
    public async Task A_manifest_that_lies_is_refused_by_name(string field, object? value, string says, string file)
    {
        var lake = await MakeAsync();
        await ManifestEditor.EditManifestAsync(lake, field, value);
        await RefusedAsync(lake, file, says, typeof(CorruptTableException));
    }

    [Theory, InlineData("ORC"), InlineData("AVRO"), InlineData("LANCE")]
    public async Task A_data_file_of_another_format_is_refused_by_name(string format)
    {
        var lake = await MakeAsync();
        await ManifestEditor.EditManifestAsync(lake, "file_format", format);
        var error = await Assert.ThrowsAsync<UnsupportedFormatException>(() => ReadAllAsync(lake));
        Assert.Contains(format, error.Message, StringComparison.Ordinal);
        Assert.Contains(".parquet", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(1L), InlineData(100L), InlineData(1L << 40)]
    public async Task A_file_size_that_is_wrong_is_refused_by_name(long bytes)
    {
        var lake = await MakeAsync();
        await ManifestEditor.EditManifestAsync(lake, "file_size_in_bytes", bytes);
        Assert.Contains(".parquet", (await Assert.ThrowsAsync<CorruptTableException>(() => ReadAllAsync(lake))).Message, StringComparison.Ordinal);
    }
}
