using Olist.Formats.Avro;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Streaming.Tests.SchemaRegistry;

public sealed class LocalSchemaRegistryTests : IDisposable
{
    readonly TempFolder _folder = new();
    readonly StateFolder _state;

    public LocalSchemaRegistryTests() => _state = StateFolder.Acquire(_folder.Of("state"));

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _state.Dispose();
        _folder.Dispose();
    }

    static AvroSchema Record(string fields, string doc = "") => AvroSchema.Parse($$"""{"type":"record","name":"r","doc":"{{doc}}","fields":[{{fields}}]}""");

    static readonly AvroSchema V1 = Record("""{"name":"a","type":"string"}""");
    static readonly AvroSchema V2 = Record("""{"name":"a","type":"string"},{"name":"b","type":["null","int"],"default":null}""");

    Task<LocalSchemaRegistry> OpenAsync(SchemaCompatibility compatibility = SchemaCompatibility.Backward) => LocalSchemaRegistry.OpenAsync(_state, compatibility, Token);

    [Fact]
    public async Task A_schema_has_one_id_in_all_subjects_and_versions_count_up()
    {
        var registry = await OpenAsync();
        Assert.Equal((1, 1), Numbers(await registry.RegisterAsync("x", V1, Token)));
        Assert.Equal((2, 2), Numbers(await registry.RegisterAsync("x", V2, Token)));
        Assert.Equal((2, 1), Numbers(await registry.RegisterAsync("y", V2, Token)));
        Assert.Equal((1, 1), Numbers(await registry.RegisterAsync("x", Record("""{"name":"a","type":{"type":"string"}}""", "another doc"), Token)));
        Assert.Equal([1, 2], await registry.ListVersionsAsync("x", Token));
        Assert.Equal(["x", "y"], await registry.ListSubjectsAsync(Token));
        Assert.Null(await registry.FindAsync(3, Token));
        Assert.Null(await registry.FindVersionAsync("x", 3, Token));
        Assert.Null(await registry.FindLatestAsync("z", Token));
        Assert.Empty(await registry.ListVersionsAsync("z", Token));
    }

    static (int Id, int Version) Numbers(RegisteredSchema schema) => (schema.Id, schema.Version);

    [Fact]
    public async Task What_was_registered_is_there_after_opening_again()
    {
        var registry = await OpenAsync();
        await registry.RegisterAsync("x", V1, Token);
        await registry.RegisterAsync("x", V2, Token);
        var again = await OpenAsync();
        Assert.Equal(V1.ToJson(), (await again.FindAsync(1, Token))!.ToJson());
        Assert.Equal((2, 2), Numbers((await again.FindLatestAsync("x", Token))!));
        Assert.Equal((1, 1), Numbers((await again.FindVersionAsync("x", 1, Token))!));
        Assert.Equal((1, 1), Numbers(await again.RegisterAsync("x", V1, Token)));
    }

    [Fact]
    public async Task Many_threads_agree_on_the_ids()
    {
        var registry = await OpenAsync(SchemaCompatibility.None);
        var schemas = Enumerable.Range(0, 20).Select(i => Record($$"""{"name":"f{{i}}","type":"int"}""")).ToArray();
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(
            async () =>
            {
                var mine = new int[20];
                for (var i = 0; i < 20; i++) mine[(i + thread) % 20] = (await registry.RegisterAsync("s", schemas[(i + thread) % 20], Token)).Id;
                return string.Join(",", mine);
            },
            Token)));
        Assert.Single(ids.Distinct());
        Assert.Equal(Enumerable.Range(1, 20), ids[0].Split(',').Select(int.Parse).Order());
    }

    [Theory]
    [InlineData("""{"name":"a","type":"int"}""", "$.a: \"string\" is read as \"int\"")]
    [InlineData("""{"name":"a","type":"string"},{"name":"b","type":"int"}""", "$.b: was not written and has no default")]
    public async Task A_version_that_can_not_read_the_one_before_is_refused(string fields, string expected)
    {
        var registry = await OpenAsync();
        await registry.RegisterAsync("x", V1, Token);
        Assert.Contains(await registry.ExplainIncompatibilityAsync("x", Record(fields), Token), problem => problem.Contains(expected, StringComparison.Ordinal));
        var exception = await Assert.ThrowsAsync<IncompatibleSchemaException>(async () => await registry.RegisterAsync("x", Record(fields), Token));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Equal([1], await registry.ListVersionsAsync("x", Token));
        await (await OpenAsync(SchemaCompatibility.None)).RegisterAsync("x", Record(fields), Token);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"schemas":["\"strin\""],"subjects":{}}""")]
    [InlineData("""{"schemas":[],"subjects":{"x":[1]}}""")]
    public async Task A_damaged_file_is_named(string content)
    {
        var path = Path.Combine(_state.Path, "schemas.json");
        await File.WriteAllTextAsync(path, content, Token);
        var exception = await Assert.ThrowsAsync<CorruptLogException>(() => OpenAsync());
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_was_cut_off_leaves_the_file_before_it()
    {
        var registry = await OpenAsync();
        await registry.RegisterAsync("x", V1, Token);
        await File.WriteAllTextAsync(Path.Combine(_state.Path, "schemas.json.new"), "{\"sche", Token);
        var again = await OpenAsync();
        Assert.Equal((2, 2), Numbers(await again.RegisterAsync("x", V2, Token)));
    }
}
