using System.Text.Json.Nodes;
using Olist.Testing.Stores;
using static Olist.Lake.Tests.Rest.TestCatalog;

namespace Olist.Lake.Tests.Rest;

public sealed class TableCommitTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static string SetProperty(string key, string value) => $$"""{"action":"set-properties","updates":{"{{key}}":"{{value}}"} }""";

    static async Task<TestCatalog> WithRowsAsync()
    {
        var catalog = await CreateAsync();
        await catalog.Lake.AppendAsync(TestLake.Order(1), TestLake.Order(2));
        return catalog;
    }

    public static TheoryData<string, string> Requirements => new()
    {
        { """{"type":"assert-table-uuid","uuid":"UUID"}""", """{"type":"assert-table-uuid","uuid":"9b1ad3b6-3bd5-4c3c-9a4f-0c9d3ef1f0a1"}""" },
        { """{"type":"assert-ref-snapshot-id","ref":"main","snapshot-id":SNAPSHOT}""", """{"type":"assert-ref-snapshot-id","ref":"main","snapshot-id":1}""" },
        { """{"type":"assert-ref-snapshot-id","ref":"audit","snapshot-id":null}""", """{"type":"assert-ref-snapshot-id","ref":"main","snapshot-id":null}""" },
        { """{"type":"assert-ref-snapshot-id","ref":"audit"}""", """{"type":"assert-ref-snapshot-id","ref":"audit","snapshot-id":SNAPSHOT}""" },
        { """{"type":"assert-last-assigned-field-id","last-assigned-field-id":5}""", """{"type":"assert-last-assigned-field-id","last-assigned-field-id":4}""" },
        { """{"type":"assert-current-schema-id","current-schema-id":0}""", """{"type":"assert-current-schema-id","current-schema-id":1}""" },
        { """{"type":"assert-last-assigned-partition-id","last-assigned-partition-id":999}""", """{"type":"assert-last-assigned-partition-id","last-assigned-partition-id":1000}""" },
        { """{"type":"assert-default-spec-id","default-spec-id":0}""", """{"type":"assert-default-spec-id","default-spec-id":1}""" },
        { """{"type":"assert-default-sort-order-id","default-sort-order-id":0}""", """{"type":"assert-default-sort-order-id","default-sort-order-id":1}""" },
        { "", """{"type":"assert-create"}""" },
    };

    [Theory]
    [MemberData(nameof(Requirements))]
    public async Task A_requirement_holds_or_the_commit_is_a_conflict(string holds, string fails)
    {
        var catalog = await WithRowsAsync();
        string Fill(string text) => text.Replace("UUID", catalog.Lake.Table.Uuid.ToString().ToUpperInvariant(), StringComparison.Ordinal)
            .Replace("SNAPSHOT", $"{catalog.Lake.Table.Current!.SnapshotId}", StringComparison.Ordinal);
        await catalog.RefusedAsync(409, "Requirement failed", Fill(fails), SetProperty("x", "y"));
        var (status, body) = await catalog.CommitAsync(Fill(holds), SetProperty("x", "y"));
        Assert.Equal((200, "y"), (status, body!["metadata"]!["properties"]!["x"]!.GetValue<string>()));
        Assert.Equal("y", (await catalog.Lake.ReopenAsync()).Properties["x"]);
    }

    [Fact]
    public async Task An_append_of_another_engine_is_read_here_and_the_next_commit_goes_on_top()
    {
        var catalog = await WithRowsAsync();
        var parent = catalog.Lake.Table.Current!.SnapshotId;
        // Above 2^53: must stay exact.
        const long id = 7_500_000_000_000_000_001;
        var (status, body) = await catalog.CommitAsync(
            $$"""{"type":"assert-table-uuid","uuid":"{{catalog.Lake.Table.Uuid}}"},{"type":"assert-ref-snapshot-id","ref":"main","snapshot-id":{{parent}}}""",
            $"{await catalog.AppendAsync(id, extra: ",\"key-id\":null,\"added-rows\":9007199254740993")},{MoveMain(id)}");
        Assert.True(status == 200, $"{body}");
        var metadata = body!["metadata"]!;
        Assert.Equal((id, id, 2L), (metadata["current-snapshot-id"]!.GetValue<long>(), metadata["refs"]!["main"]!["snapshot-id"]!.GetValue<long>(), metadata["last-sequence-number"]!.GetValue<long>()));
        Assert.Equal(id, metadata["snapshot-log"]!.AsArray().Last()!["snapshot-id"]!.GetValue<long>());
        Assert.EndsWith("v2.metadata.json", metadata["metadata-log"]!.AsArray().Last()!["metadata-file"]!.GetValue<string>(), StringComparison.Ordinal);
        var snapshot = metadata["snapshots"]!.AsArray().Last()!.AsObject();
        Assert.False(snapshot.ContainsKey("key-id"));
        Assert.Equal(9007199254740993, snapshot["added-rows"]!.GetValue<long>());

        var table = await catalog.Lake.ReopenAsync();
        Assert.Equal(("append", parent), (table.Current!.Operation, table.Current.ParentId));
        await catalog.Lake.AppendAsync(TestLake.Order(3));
        Assert.Equal(3, (await TestLake.ScanAsync(await catalog.Lake.ReopenAsync())).Count);
        Assert.Equal([parent, id, catalog.Lake.Table.Current!.SnapshotId], catalog.Lake.Table.Snapshots.Select(one => one.SnapshotId));
    }

    [Fact]
    public async Task A_snapshot_that_could_not_be_read_is_refused()
    {
        var catalog = await WithRowsAsync();
        var good = await catalog.AppendAsync(77);
        async Task RefusedAsync(string from, string to, string says, int code = 400) => await catalog.RefusedAsync(code, says, "", good.Replace(from, to, StringComparison.Ordinal) + "," + MoveMain(77));
        await RefusedAsync("\"sequence-number\":2", "\"sequence-number\":1", "sequence number 1", 409);
        await RefusedAsync("\"sequence-number\":2,", "", "'sequence-number' is missing");
        await RefusedAsync("\"operation\":\"append\",", "", "operation is missing");
        await RefusedAsync("\"other\"", "5", "summary.engine-name");
        await RefusedAsync("\"schema-id\":0", "\"schema-id\":4", "no schema 4");
        await RefusedAsync("\"snapshot-id\":77", "\"snapshot-id\":0", "not positive");
        await RefusedAsync("\"snapshot-id\":77", "\"snapshot-id\":77.5", "snapshot-id");
        await RefusedAsync("\"snapshot-id\":77", $"\"snapshot-id\":{catalog.Lake.Table.Current!.SnapshotId}", "there already");
        await RefusedAsync("/metadata/snap-", "/metadata/nobody-", "nobody-");
        await RefusedAsync("s3://memory/lake/bronze", "s3://elsewhere", "s3://elsewhere");
        await RefusedAsync("/metadata/snap-", "/metadata/../../snap-", "snap-");
        await RefusedAsync("\"timestamp-ms\":1", "\"timestamp-ms\":9999999999999991", "timestamp-ms");
        await catalog.RefusedAsync(400, "no snapshot 78", "", good + "," + MoveMain(78));
        var list = catalog.Lake.Table.Current!.ManifestList[(catalog.Lake.Store.RootUri.Length + 1)..];
        await catalog.Lake.Store.PutAsync("bronze/orders/metadata/torn.avro", (await catalog.Lake.Store.ReadAsync(list, Token)).AsMemory(0, 200), Token);
        await catalog.RefusedAsync(400, "torn.avro", "", JsonNode.Parse(good)! is var edited && (edited["snapshot"]!["manifest-list"] = "s3://memory/lake/bronze/orders/metadata/torn.avro") is not null ? edited.ToJsonString() : "");
    }

    [Fact]
    public async Task Schemas_evolve_by_the_rules_and_an_identical_one_is_used_again()
    {
        var catalog = await WithRowsAsync();
        var fields = (await catalog.MetadataAsync())["schemas"]![0]!["fields"]!.AsArray();
        string AddSchema(Action<JsonArray>? change = null)
        {
            var copy = fields.DeepClone().AsArray();
            change?.Invoke(copy);
            return new JsonObject { ["action"] = "add-schema", ["schema"] = new JsonObject { ["type"] = "struct", ["schema-id"] = 9, ["identifier-field-ids"] = new JsonArray(1), ["fields"] = copy } }.ToJsonString();
        }
        JsonObject New(int id, bool required = false) => new() { ["id"] = id, ["name"] = "note", ["required"] = required, ["type"] = "string" };
        const string current = """{"action":"set-current-schema","schema-id":-1}""";

        await catalog.RefusedAsync(400, "field id 1 is used twice", "", AddSchema(all => all.Add(new JsonObject { ["id"] = 6, ["name"] = "l", ["required"] = false, ["type"] = JsonNode.Parse("""{"type":"list","element-id":1,"element":"int","element-required":false}""") })));
        await catalog.RefusedAsync(400, "note is required", "", AddSchema(all => all.Add(New(6, required: true))));
        await catalog.RefusedAsync(400, "status was optional", "", AddSchema(all => all[1]!["required"] = true));
        await catalog.RefusedAsync(400, "from string to long", "", AddSchema(all => all[1]!["type"] = "long"));
        await catalog.RefusedAsync(400, "-1 stands for", "", current);
        await catalog.RefusedAsync(400, "no schema 3", "", """{"action":"set-current-schema","schema-id":3}""");

        var evolved = AddSchema(all =>
        {
            all[1]!["name"] = "state";
            all[3]!["type"] = "decimal(12,2)";
            all.RemoveAt(4);
            all.Add(New(8));
        });
        var metadata = await catalog.CommittedAsync($"{evolved},{current}");
        Assert.Equal((1, 8), (metadata["current-schema-id"]!.GetValue<int>(), metadata["last-column-id"]!.GetValue<int>()));
        Assert.Equal(2, (await catalog.CommittedAsync($"{evolved},{current},{SetProperty("again", "1")}"))["schemas"]!.AsArray().Count);
        await catalog.RefusedAsync(400, "field id 7 was used before", "", AddSchema(all => all[1] = New(7)));
        var table = await catalog.Lake.ReopenAsync();
        Assert.Equal(["order_id", "state", "at", "price", "note"], table.Columns.Select(column => column.Name));
        await foreach (var batch in table.ScanAsync(null, ["state", "note"], Token)) Assert.True(batch.RowCount > 0);

        await catalog.RefusedAsync(400, "used by snapshot", "", """{"action":"remove-schemas","schema-ids":[0]}""");
        await catalog.RefusedAsync(400, "current", "", """{"action":"remove-schemas","schema-ids":[1]}""");
    }

    [Fact]
    public async Task Specs_and_orders_are_added_reused_and_bound()
    {
        var catalog = await WithRowsAsync();
        const string spec = """{"action":"add-spec","spec":{"spec-id":5,"fields":[{"source-id":3,"name":"at_day","transform":"day"}]}},{"action":"set-default-spec","spec-id":-1}""";
        const string order = """{"action":"add-sort-order","sort-order":{"order-id":8,"fields":[{"source-id":1,"transform":"identity","direction":"asc","null-order":"nulls-first"}]}},{"action":"set-default-sort-order","sort-order-id":-1}""";
        var metadata = await catalog.CommittedAsync($"{spec},{order}");
        Assert.Equal((1, 1000, 1), (metadata["default-spec-id"]!.GetValue<int>(), metadata["last-partition-id"]!.GetValue<int>(), metadata["default-sort-order-id"]!.GetValue<int>()));
        metadata = await catalog.CommittedAsync("""{"action":"add-spec","spec":{"fields":[]}},{"action":"set-default-spec","spec-id":-1},{"action":"set-default-sort-order","sort-order-id":0}""");
        Assert.Equal((0, 2, 0), (metadata["default-spec-id"]!.GetValue<int>(), metadata["partition-specs"]!.AsArray().Count, metadata["default-sort-order-id"]!.GetValue<int>()));
        metadata = await catalog.CommittedAsync("""{"action":"add-spec","spec":{"fields":[{"source-id":1,"name":"b","transform":"bucket[4]"},{"source-id":3,"name":"again","transform":"day"}]}},{"action":"set-default-spec","spec-id":-1}""");
        Assert.Equal([1001, 1000], metadata["partition-specs"]![2]!["fields"]!.AsArray().Select(field => field!["field-id"]!.GetValue<int>()));

        await catalog.RefusedAsync(400, "field-id 1000 belongs", "", """{"action":"add-spec","spec":{"fields":[{"source-id":5,"field-id":1000,"name":"q","transform":"identity"}]}}""");
        await catalog.RefusedAsync(400, "can't be removed", "", """{"action":"remove-partition-specs","spec-ids":[1]}""");
        await catalog.RefusedAsync(400, "no sort order 4", "", """{"action":"set-default-sort-order","sort-order-id":4}""");
        await catalog.Lake.AppendAsync(TestLake.Order(3));
        Assert.Equal(3, (await TestLake.ScanAsync(await catalog.Lake.ReopenAsync())).Count);
    }

    [Fact]
    public async Task References_are_set_and_removed_and_snapshots_go_only_when_nothing_names_them()
    {
        var catalog = await WithRowsAsync();
        await catalog.Lake.AppendAsync(TestLake.Order(3));
        var (first, second) = (catalog.Lake.Table.Snapshots[0].SnapshotId, catalog.Lake.Table.Snapshots[1].SnapshotId);
        var tag = $$"""{"action":"set-snapshot-ref","ref-name":"audit","type":"tag","snapshot-id":{{first}},"max-ref-age-ms":5}""";
        var statistics = $$"""{"action":"set-statistics","statistics":{"snapshot-id":{{first}},"statistics-path":"s3://memory/lake/x.puffin","file-size-in-bytes":9,"file-footer-size-in-bytes":3,"blob-metadata":[]} }""";
        var metadata = await catalog.CommittedAsync($"{tag},{statistics}");
        Assert.Equal(5, metadata["refs"]!["audit"]!["max-ref-age-ms"]!.GetValue<int>());
        Assert.Equal(9, metadata["statistics"]![0]!["file-size-in-bytes"]!.GetValue<int>());

        var remove = $$"""{"action":"remove-snapshots","snapshot-ids":[{{first}}]}""";
        await catalog.RefusedAsync(400, "ref audit points to snapshot", "", remove);
        await catalog.RefusedAsync(400, "is not among the snapshots", "", $$"""{"action":"remove-snapshots","snapshot-ids":[{{second}}]}""");
        await catalog.RefusedAsync(400, "main is a branch", "", $$"""{"action":"set-snapshot-ref","ref-name":"main","type":"tag","snapshot-id":{{first}}}""");
        await catalog.RefusedAsync(400, "a tag keeps one snapshot", "", $$"""{"action":"set-snapshot-ref","ref-name":"t","type":"tag","snapshot-id":{{first}},"min-snapshots-to-keep":2}""");
        await catalog.RefusedAsync(400, "no snapshot 5", "", """{"action":"set-statistics","statistics":{"snapshot-id":5,"statistics-path":"x","file-size-in-bytes":9,"file-footer-size-in-bytes":3,"blob-metadata":[]}}""");

        metadata = await catalog.CommittedAsync($$"""{{remove}},{"action":"remove-snapshot-ref","ref-name":"audit"}""");
        Assert.Equal(second, Assert.Single(metadata["snapshots"]!.AsArray())!["snapshot-id"]!.GetValue<long>());
        Assert.Equal(second, Assert.Single(metadata["snapshot-log"]!.AsArray())!["snapshot-id"]!.GetValue<long>());
        Assert.Empty(metadata["statistics"]!.AsArray());
        Assert.Equal(3, (await TestLake.ScanAsync(await catalog.Lake.ReopenAsync())).Count);
    }

    [Fact]
    public async Task A_rollback_moves_main_and_is_in_the_log()
    {
        var catalog = await WithRowsAsync();
        await catalog.Lake.AppendAsync(TestLake.Order(3));
        var metadata = await catalog.CommittedAsync(MoveMain(catalog.Lake.Table.Snapshots[0].SnapshotId));
        Assert.Equal(3, metadata["snapshot-log"]!.AsArray().Count);
        Assert.Equal(2, (await TestLake.ScanAsync(await catalog.Lake.ReopenAsync())).Count);
    }

    [Fact]
    public async Task A_commit_without_effect_makes_no_version()
    {
        var catalog = await WithRowsAsync();
        await catalog.CommittedAsync($$"""{"action":"upgrade-format-version","format-version":2},{"action":"assign-uuid","uuid":"{{catalog.Lake.Table.Uuid}}"},{"action":"remove-properties","removals":["none"]},{"action":"set-location","location":"s3://memory/lake/bronze/orders/"}""");
        Assert.Equal(2, (await catalog.Lake.ReopenAsync()).MetadataVersion);
        await catalog.CommittedAsync(SetProperty("x", "y"));
        Assert.False((await catalog.CommittedAsync("""{"action":"remove-properties","removals":["x"]}"""))["properties"]!.AsObject().ContainsKey("x"));
    }

    [Theory]
    [InlineData("""{"action":"conquer"}""", "'conquer' is not known")]
    [InlineData("""{"action":"upgrade-format-version","format-version":3}""", "version 3")]
    [InlineData("""{"action":"assign-uuid","uuid":"9b1ad3b6-3bd5-4c3c-9a4f-0c9d3ef1f0a1"}""", "never changes")]
    [InlineData("""{"action":"set-location","location":"s3://memory/lake/else"}""", "can't be chosen")]
    [InlineData("""{"action":"set-properties","updates":{"uuid":"1"}}""", "reserved")]
    [InlineData("""{"action":"set-properties","updates":{"x":null}}""", "updates.x")]
    [InlineData("""{"action":"set-properties","updates":{"write.metadata.previous-versions-max":"many"}}""", "write.metadata.previous-versions-max")]
    [InlineData("""{"action":"set-properties"}""", "'updates' is missing")]
    [InlineData("{}", "'action' is missing")]
    [InlineData("7", "updates[1]")]
    public async Task An_update_that_can_not_be_is_refused_by_name(string update, string says)
    {
        var catalog = await WithRowsAsync();
        await catalog.RefusedAsync(400, says, "", SetProperty("x", "y") + "," + update);
        await catalog.RefusedAsync(400, "'assert-luck' is not known", """{"type":"assert-luck"}""", SetProperty("x", "y"));
        Error(await catalog.AskAsync("POST", Orders, "{"), 400, "BadRequestException");
        Error(await catalog.AskAsync("POST", Orders, """{"identifier":{"namespace":["gold"],"name":"x"},"requirements":[],"updates":[]}"""), 400, "BadRequestException");
    }

    [Fact]
    public async Task Racing_writers_from_outside_and_inside_keep_a_linear_history_without_losses()
    {
        var catalog = await WithRowsAsync();
        var inside = Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++) await catalog.Lake.AppendAsync(TestLake.Order(100 + i));
        }, Token);
        var outside = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 5; i++)
            {
                var id = 1_000 + writer * 10 + i;
                while (true)
                {
                    var head = (await catalog.MetadataAsync())["current-snapshot-id"]!.GetValue<long>();
                    var append = await catalog.AppendAsync(id);
                    var (status, body) = await catalog.CommitAsync($$"""{"type":"assert-ref-snapshot-id","ref":"main","snapshot-id":{{head}}}""", $"{append.Replace(append[append.IndexOf("\"parent", StringComparison.Ordinal)..append.IndexOf("\"sequence", StringComparison.Ordinal)], $"\"parent-snapshot-id\":{head},", StringComparison.Ordinal)},{MoveMain(id)},{SetProperty($"p{id}", "1")}");
                    if (status == 200) break;
                    Assert.True(status == 409, $"{body}");
                }
            }
        }, Token));
        await Task.WhenAll(outside.Append(inside));
        var table = await catalog.Lake.ReopenAsync();
        Assert.Equal(31, table.Snapshots.Count);
        Assert.Equal(Enumerable.Range(1, 31).Select(number => (long)number), table.Snapshots.Select(snapshot => snapshot.SequenceNumber));
        for (var i = 1; i < 31; i++) Assert.Equal(table.Snapshots[i - 1].SnapshotId, table.Snapshots[i].ParentId);
        Assert.Equal(20, table.Properties.Count(property => property.Key.StartsWith('p')));
    }

    [Fact]
    public async Task Racing_changes_of_properties_are_all_kept()
    {
        var catalog = await WithRowsAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(() => catalog.CommitAsync("", SetProperty($"p{i}", "1")), Token)));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        var table = await catalog.Lake.ReopenAsync();
        Assert.Equal((24, 26), (table.Properties.Count(property => property.Key.StartsWith('p')), table.MetadataVersion));
    }

    [Fact]
    public async Task A_commit_that_slept_while_its_version_was_made_and_cleaned_away_is_made_again()
    {
        var store = new FaultyStore(new MemoryObjectStore());
        var catalog = await CreateAsync(store);
        await catalog.CommittedAsync(SetProperty("write.metadata.previous-versions-max", "1"));
        await catalog.Lake.AppendAsync(TestLake.Order(1)); // a snapshot that both histories have
        var (asleep, wake) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        store.Before = call =>
        {
            if (call.Verb != StoreVerb.Create || !call.Key.EndsWith("v4.metadata.json", StringComparison.Ordinal) || !asleep.TrySetResult()) return Task.CompletedTask;
            return wake.Task;
        };
        var sleeper = catalog.CommitAsync("", SetProperty("x", "y"));
        await asleep.Task;
        for (var i = 2; i < 6; i++) await catalog.Lake.AppendAsync(TestLake.Order(i));
        Assert.Null(await store.FindAsync("bronze/orders/metadata/v4.metadata.json", Token));
        wake.SetResult();
        Assert.Equal(200, (await sleeper).Status);
        var table = await catalog.Lake.ReopenAsync();
        Assert.Equal(("y", 8, 5), (table.Properties["x"], table.MetadataVersion, table.Snapshots.Count));
        Assert.Null(await store.FindAsync("bronze/orders/metadata/v4.metadata.json", Token));
    }

    [Fact]
    public async Task A_fault_at_any_call_of_a_commit_is_told_rightly()
    {
        foreach (var fault in (Fault[])[Fault.ErrorBefore, Fault.LostAnswer])
        for (var at = 1; at < 40; at++)
        {
            var faulty = new FaultyStore(new MemoryObjectStore());
            var catalog = await CreateAsync(faulty);
            var (start, number) = (faulty.Calls, at);
            faulty.Faults = call => call.Number == start + number && (fault == Fault.ErrorBefore || call.Verb is not (StoreVerb.Find or StoreVerb.Read)) ? fault : Fault.None;
            var (status, body) = await catalog.CommitAsync("", SetProperty("x", "y"));
            faulty.Faults = _ => Fault.None;
            var happened = (await catalog.Lake.ReopenAsync()).Properties.ContainsKey("x");
            Assert.True(status == 200 ? happened : status == 409 ? !happened : status == 500, $"{fault} at {at}: {status}, happened: {happened}, {body}");
            if (faulty.Calls < start + number) break;
        }
    }

    [Fact]
    public async Task When_it_can_not_be_told_whether_it_happened_the_answer_says_so()
    {
        var faulty = new FaultyStore(new MemoryObjectStore());
        var catalog = await CreateAsync(faulty);
        faulty.Faults = call => call.Verb == StoreVerb.Create || faulty.Writes > 1 && call.Key.EndsWith("v2.metadata.json", StringComparison.Ordinal) && call.Verb == StoreVerb.Read ? Fault.ErrorBefore : Fault.None;
        Error(await catalog.CommitAsync("", SetProperty("x", "y")), 500, "CommitStateUnknownException");
    }
}
