using System.Text.Json.Nodes;

namespace Olist.Lake.Tests.Rest;

public sealed class TableCreationTests
{
    const string Path = "namespaces/bronze/tables";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    static string Field(int id, string name, string type = "\"long\"", bool required = false, string more = "") =>
        $$"""{"id":{{id}},"name":"{{name}}","required":{{(required ? "true" : "false")}},"type":{{type}}{{more}}}""";

    static string Schema(params string[] fields) => $$"""{"type":"struct","fields":[{{string.Join(',', fields)}}]}""";

    static string Request(string schema, string more = "") => $$"""{"name":"made","schema":{{schema}}{{more}}}""";

    [Fact]
    public async Task A_table_made_from_outside_is_an_ordinary_one_with_fields_numbered_afresh()
    {
        var catalog = await TestCatalog.CreateAsync();
        var schema = $$"""{"type":"struct","schema-id":7,"identifier-field-ids":[0],"fields":[{{Field(0, "id", required: true)}},{{Field(5, "tags", """{"type":"list","element-id":6,"element":"string","element-required":false}""")}},{{Field(9, "at", "\"timestamptz\"")}}]}""";
        var answer = await catalog.PostAsync(Path, Request(schema, """
            ,"partition-spec":{"spec-id":3,"fields":[{"source-id":9,"field-id":2000,"name":"at_day","transform":"day"}]},
            "write-order":{"order-id":9,"fields":[{"source-id":0,"transform":"identity","direction":"desc","null-order":"nulls-last"}]},"properties":{"a":"b","write.parquet.compression-codec":"gzip"}
            """));
        var metadata = answer["metadata"]!;
        Assert.Equal("s3://memory/lake/bronze/made/metadata/v1.metadata.json", answer["metadata-location"]!.GetValue<string>());
        Assert.Equal("s3://memory/lake/bronze/made", metadata["location"]!.GetValue<string>());
        Assert.Equal([1, 2, 3], metadata["schemas"]![0]!["fields"]!.AsArray().Select(field => field!["id"]!.GetValue<int>()));
        Assert.Equal(4, metadata["schemas"]![0]!["fields"]![1]!["type"]!["element-id"]!.GetValue<int>());
        Assert.Equal(4, metadata["last-column-id"]!.GetValue<int>());
        Assert.Equal("""[{"spec-id":0,"fields":[{"source-id":3,"field-id":1000,"name":"at_day","transform":"day"}]}]""", metadata["partition-specs"]!.ToJsonString());
        Assert.Equal("""{"order-id":1,"fields":[{"transform":"identity","source-id":1,"direction":"desc","null-order":"nulls-last"}]}""", metadata["sort-orders"]![1]!.ToJsonString());
        var table = await catalog.Lake.Catalog.GetTableAsync(TableName.Parse("bronze.made"), Token);
        Assert.Equal(["id"], table.Key);
        Assert.Equal(("b", "gzip", "20"), (table.Properties["a"], table.Properties["write.parquet.compression-codec"], table.Properties["write.metadata.previous-versions-max"]));
        TestCatalog.Error(await catalog.AskAsync("POST", Path, Request(schema)), 409, "AlreadyExistsException");
    }

    [Fact]
    public async Task A_table_needs_its_namespace()
    {
        var catalog = await TestCatalog.CreateAsync();
        TestCatalog.Error(await catalog.AskAsync("POST", "namespaces/nobody/tables", Request(Schema(Field(1, "id")))), 404, "NoSuchNamespaceException");
    }

    [Fact]
    public async Task Of_many_racing_creations_one_wins_and_the_others_are_told()
    {
        var catalog = await TestCatalog.CreateAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => catalog.AskAsync("POST", Path, Request(Schema(Field(1, "id")))), Token)));
        Assert.Equal([200, 409, 409, 409, 409, 409, 409, 409], answers.Select(answer => answer.Status).Order());
    }

    [Fact]
    public async Task A_staged_table_is_stored_by_the_commit_that_asserts_to_create_it()
    {
        var catalog = await TestCatalog.CreateAsync();
        var staged = await catalog.PostAsync(Path, Request(Schema(Field(1, "id", required: true)), ",\"stage-create\":true"));
        Assert.Null(staged["metadata-location"]);
        Assert.Null(await catalog.Lake.Catalog.FindTableAsync(TableName.Parse("bronze.made"), Token));
        var metadata = staged["metadata"]!;
        var body = $$$"""
            {"requirements":[{"type":"assert-create"}],"updates":[{"action":"assign-uuid","uuid":{{{metadata["table-uuid"]!.ToJsonString()}}}},{"action":"upgrade-format-version","format-version":2},
            {"action":"add-schema","schema":{{{metadata["schemas"]![0]!.ToJsonString()}}},"last-column-id":1},{"action":"set-current-schema","schema-id":-1},
            {"action":"add-spec","spec":{"spec-id":0,"fields":[]}},{"action":"set-default-spec","spec-id":-1},{"action":"add-sort-order","sort-order":{"order-id":0,"fields":[]}},
            {"action":"set-default-sort-order","sort-order-id":-1},{"action":"set-location","location":{{{metadata["location"]!.ToJsonString()}}}},{"action":"set-properties","updates":{"x":"y"}}]}
            """;
        var made = await catalog.PostAsync(Path + "/made", body);
        Assert.Equal(metadata["table-uuid"]!.ToJsonString(), made["metadata"]!["table-uuid"]!.ToJsonString());
        var table = await catalog.Lake.Catalog.GetTableAsync(TableName.Parse("bronze.made"), Token);
        Assert.Equal(("y", 1), (table.Properties["x"], table.MetadataVersion));
        TestCatalog.Error(await catalog.AskAsync("POST", Path + "/made", body), 409, "CommitFailedException");
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { Schema(), "has no fields" },
        { Schema(Field(1, "a"), Field(1, "b")), "two fields of one id" },
        { Schema(Field(1, "a"), Field(2, "a")), "'a' is used twice" },
        { Schema(Field(-1, "a")), "field id -1" },
        { Schema(Field(2_147_483_447, "a")), "field id 2147483447" },
        { Schema(Field(1, "")), "empty name" },
        { Schema(Field(1, "a", "\"timestamp_ns\"")), "timestamp_ns" },
        { Schema(Field(1, "a", "\"variant\"")), "schema.fields[0].type" },
        { Schema(Field(1, "a", "7")), "schema.fields[0].type" },
        { Schema(Field(1, "a", more: ",\"initial-default\":5")), "initial-default" },
        { Schema(Field(1, "a", """{"type":"struct","fields":[{"id":1,"name":"b","required":true,"type":"int"}]}""")), "field id 1 is used twice" },
        { Schema("""{"id":"1","name":"a","required":true,"type":"int"}"""), "schema.fields[0].id" },
        { Schema("""{"id":1,"name":"a","type":"int"}"""), "'required' is missing" },
        { $$"""{"type":"struct","identifier-field-ids":[1],"fields":[{{Field(1, "a")}}]}""", "a is optional" },
        { $$"""{"type":"struct","identifier-field-ids":[1],"fields":[{{Field(1, "a", "\"double\"", required: true)}}]}""", "double" },
        { $$"""{"type":"struct","identifier-field-ids":[2],"fields":[{{Field(1, "a")}}]}""", "identifier field 2" },
        { Schema(Field(1, "a")) + ",\"location\":\"s3://elsewhere/x\"", "location" },
        { Schema(Field(1, "a")) + ",\"properties\":{\"n\":1}", "properties.n" },
        { Schema(Field(1, "a")) + ",\"properties\":{\"current-snapshot-id\":\"1\"}", "reserved" },
        { Schema(Field(1, "a")) + ",\"properties\":{\"commit.retry.num-retries\":\"often\"}", "commit.retry.num-retries" },
        { Schema(Field(1, "a")) + ",\"properties\":{\"write.metadata.path\":\"s3://x\"}", "write.metadata.path" },
        { Schema(Field(1, "a")) + ",\"stage-create\":\"yes\"", "stage-create" },
        { Schema(Field(1, "a")) + """,\"partition-spec\":{"fields":[{"source-id":4,"name":"p","transform":"identity"}]}""".Replace("\\", "", StringComparison.Ordinal), "source 4" },
        { Schema(Field(1, "a")) + ",\"partition-spec\":{\"fields\":[{\"source-id\":1,\"name\":\"p\",\"transform\":\"weekly\"}]}", "weekly" },
        { Schema(Field(1, "a")) + ",\"partition-spec\":{\"fields\":[{\"source-id\":1,\"name\":\"p\",\"transform\":\"day\"}]}", "day" },
        { Schema(Field(1, "a"), Field(2, "b")) + ",\"partition-spec\":{\"fields\":[{\"source-id\":1,\"name\":\"b\",\"transform\":\"bucket[4]\"}]}", "that of a column" },
        { Schema(Field(1, "a")) + ",\"write-order\":{\"fields\":[{\"source-id\":1,\"transform\":\"identity\",\"direction\":\"up\",\"null-order\":\"nulls-first\"}]}", "direction" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_table_that_breaks_the_format_is_refused_by_field_and_not_stored(string schemaAndMore, string says)
    {
        var catalog = await TestCatalog.CreateAsync();
        var answer = await catalog.AskAsync("POST", Path, $$"""{"name":"made","schema":{{schemaAndMore}}}""");
        Assert.Contains(says, TestCatalog.Error(answer, 400, "BadRequestException"), StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", answer.Body!.ToJsonString(), StringComparison.Ordinal);
        Assert.Null(await catalog.Lake.Catalog.FindTableAsync(TableName.Parse("bronze.made"), Token));
    }

    [Theory]
    [InlineData("Made"), InlineData("../made"), InlineData("a.b"), InlineData("")]
    public async Task A_name_that_can_not_be_a_folder_is_refused(string name)
    {
        var catalog = await TestCatalog.CreateAsync();
        TestCatalog.Error(await catalog.AskAsync("POST", Path, new JsonObject { ["name"] = name, ["schema"] = JsonNode.Parse(Schema(Field(1, "a"))) }.ToJsonString()), 400, "BadRequestException");
    }

    [Fact]
    public async Task A_type_that_nests_too_deep_is_refused()
    {
        var catalog = await TestCatalog.CreateAsync();
        foreach (var depth in (int[])[24, 27, 30, 500])
        {
            var type = "\"int\"";
            for (var i = 0; i < depth; i++) type = $$"""{"type":"list","element-id":{{i + 10}},"element":{{type}},"element-required":false}""";
            var (status, _) = await catalog.AskAsync("POST", Path, Request(Schema(Field(1, "a", type))));
            Assert.True(status is 200 or 400 or 409, $"{status}");
            if (status == 200) await catalog.GetAsync(Path + "/made");
        }
    }
}
