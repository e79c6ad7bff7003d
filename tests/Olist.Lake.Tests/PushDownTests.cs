using System.Text.Json.Nodes;
using Olist.Formats.Columns;
using Olist.Storage;
using Olist.Testing.Stores;

namespace Olist.Lake.Tests;

/// <summary>Filters on random tables against a full scan that checks row by row: merged, deleted by other engines, with files older than the schema.</summary>
public sealed class PushDownTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static readonly IReadOnlyList<ColumnSchema> Wide =
    [
        new(1, "id", DataType.Long, Required: true), new(2, "small", DataType.Int), new(3, "day", DataType.Date), new(4, "price", DataType.Decimal(9, 2)), new(5, "wide", DataType.Decimal(30, 4)),
        new(6, "ratio", DataType.Double), new(7, "single", DataType.Float), new(8, "flag", DataType.Boolean), new(9, "few", DataType.String), new(10, "text", DataType.String),
        new(11, "key", DataType.Uuid), new(12, "at", DataType.TimestampTz), new(13, "sum", DataType.Decimal(18, 2)),
    ];

    [Fact]
    public async Task Any_filter_finds_what_a_full_scan_finds()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var table = await CreateAsync(Wide, random.Next(2) == 0 ? ["few"] : random.Next(2) == 0 ? ["at", "id"] : []);
            long next = 0;
            for (var commit = random.Next(1, 4); commit > 0; commit--) await table.CommitAsync(new TableChange { Append = [MakeRows(random, ref next, random.Next(1, 1500))] }, Token);
            for (var removal = random.Next(3); removal > 0; removal--) await RemoveSomeAsync(table, random, next);
            await AssertFiltersAsync(table, random, 25, seed);
        }
    }

    [Fact]
    public async Task Files_older_than_the_schema_are_filtered_by_what_their_columns_became()
    {
        for (var seed = 100; seed < 106; seed++)
        {
            var random = new Random(seed);
            var store = new MemoryObjectStore();
            var table = await CreateAsync(Wide, [], store);
            long next = 0;
            await table.CommitAsync(new TableChange { Append = [MakeRows(random, ref next, 700)] }, Token);
            await EvolveAsync(store);
            table = await ReopenAsync(store);
            Assert.Equal(DataType.Long, table.Columns.First(column => column.Name == "larger").Type);
            await AssertFiltersAsync(table, random, 20, seed);
            await RemoveSomeAsync(table, random, next);
            await table.CommitAsync(new TableChange { Append = [MakeRows(random, ref next, 500, table.Columns)] }, Token);
            await AssertFiltersAsync(table, random, 30, seed);
        }
    }

    [Fact]
    public async Task Rows_deleted_by_value_stay_deleted_under_a_filter()
    {
        var lake = await TestLake.CreateAsync();
        await lake.AppendAsync([.. Enumerable.Range(0, 900).Select(i => TestLake.Order(i, $"s{i % 6}", i))]);
        await new ForeignEngine(lake).DeleteByValueAsync("status", new RowBatch([TestLake.Columns[1]], [BytesColumn.Of("s2")], 1));
        var table = await lake.ReopenAsync();
        foreach (string[]? columns in (string[]?[])[null, ["quantity"], ["order_id"]])
        {
            var rows = 0;
            await foreach (var batch in table.ScanAsync(new ScanRequest { Columns = columns, Where = [new ColumnRange("quantity", 100, 399)] }, Token)) rows += batch.RowCount;
            Assert.Equal(250, rows);
        }
    }

    [Fact]
    public async Task A_filter_fetches_only_the_pages_that_can_match()
    {
        var store = new CountingStore(new MemoryObjectStore());
        var table = await CreateAsync(Wide, ["id"], store, pageRows: 0);
        long next = 0;
        await table.CommitAsync(new TableChange { Append = [MakeRows(new Random(7), ref next, 200_000)] }, Token);
        var all = await BytesAsync([]);
        var onePage = await BytesAsync([new ColumnRange("id", 100L, 120L)]);
        // Gaps shorter than a request is worth are read over, which here is half of the file.
        Assert.True(onePage < all * 2 / 3, $"One page of ten was wanted; {onePage} of {all} bytes were read.");
        var none = await BytesAsync([ColumnRange.EqualTo("text", "text 020000 y")]);
        Assert.True(none < all / 4, $"No row matched: the other columns were not needed; {none} of {all} bytes were read.");

        async Task<long> BytesAsync(IReadOnlyList<ColumnRange> where)
        {
            var before = store.BytesRead;
            await foreach (var _ in table.ScanAsync(new ScanRequest { Where = where }, Token)) { }
            return store.BytesRead - before;
        }
    }

    [Fact]
    public async Task A_filter_that_does_not_fit_is_named()
    {
        var table = await CreateAsync(Wide, []);
        await Assert.ThrowsAsync<LakeException>(() => CountAsync(table, new ColumnRange("id", "five", null)));
        await Assert.ThrowsAsync<LakeException>(() => CountAsync(table, ColumnRange.OneOf("few", "a", 5)));
        await Assert.ThrowsAsync<LakeException>(() => CountAsync(table, ColumnRange.NoValue("nothing")));
    }

    static async Task AssertFiltersAsync(LakeTable table, Random random, int rounds, int seed)
    {
        var all = new List<RowBatch>();
        await foreach (var batch in table.ScanAsync(null, null, Token)) all.Add(batch);
        var whole = RowBatch.Concat(table.Columns, all);
        for (var round = 0; round < rounds; round++)
        {
            ColumnRange[] where = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomRange(whole, random))];
            var expected = Enumerable.Range(0, whole.RowCount).Where(row => where.All(range => DullMatch(whole[range.Column], row, range))).Select(row => Spell(whole, row)).Order(StringComparer.Ordinal).ToArray();
            var found = new List<string>();
            await foreach (var batch in table.ScanAsync(new ScanRequest { Where = where }, Token))
                for (var row = 0; row < batch.RowCount; row++) found.Add(Spell(batch, row));
            Assert.True(expected.SequenceEqual(found.Order(StringComparer.Ordinal)), $"seed {seed}, round {round}, {string.Join(" and ", where.Select(range => $"{range} in [{string.Join(", ", range.Values ?? [])}]"))}: {expected.Length} rows match, {found.Count} were found");
            var one = table.Columns[random.Next(table.Columns.Count)].Name;
            var projected = 0;
            await foreach (var batch in table.ScanAsync(new ScanRequest { Where = where, Columns = [one] }, Token)) projected += batch.RowCount;
            Assert.Equal(expected.Length, projected);
        }
    }

    static ColumnRange RandomRange(RowBatch rows, Random random)
    {
        var column = rows.Schema[random.Next(rows.Schema.Count)];
        object Some()
        {
            for (var tries = 0; tries < 50; tries++)
                if (ValueOf(rows[column.Name], random.Next(rows.RowCount)) is { } value) return value;
            return ValueOf(MakeColumn(new Random(3), column, 1, 0), 0)!; // never null
        }
        switch (random.Next(7))
        {
            case 0: return ColumnRange.NoValue(column.Name);
            case 1: return ColumnRange.AnyValue(column.Name);
            case 2: return ColumnRange.OneOf(column.Name, [.. Enumerable.Range(0, random.Next(6)).Select(_ => Some())]);
            case 3: return ColumnRange.EqualTo(column.Name, Some());
            case 4: return new ColumnRange(column.Name, Some(), null);
            case 5: return new ColumnRange(column.Name, null, Some());
            default: return new ColumnRange(column.Name, Some(), Some());
        }
    }

    static bool DullMatch(Column column, int row, ColumnRange range)
    {
        var value = ValueOf(column, row);
        if (range.IsNull || value is null) return range.IsNull && value is null;
        if (range.Values is { } values) return values.Any(wanted => DullCompare(value, wanted) == 0);
        return (range.AtLeast is not { } least || DullCompare(value, least) >= 0) && (range.AtMost is not { } most || DullCompare(value, most) <= 0);
    }

    static int DullCompare(object left, object right) => (left, right) switch
    {
        (string a, string b) => System.Text.Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(b)),
        (Guid a, Guid b) => a.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(b.ToByteArray(bigEndian: true)),
        _ => Comparer<object>.Default.Compare(left, right),
    };

    /// <summary>A value as a filter has it.</summary>
    static object? ValueOf(Column column, int row) => column.IsNull(row) ? null : column switch
    {
        ValueColumn<byte> flags => flags[row] != 0,
        ValueColumn<int> ints => ints[row],
        ValueColumn<long> longs => column.Type.Kind == TypeKind.Decimal ? (object)(longs[row] / 100m) : longs[row],
        ValueColumn<float> floats => (double)floats[row],
        ValueColumn<double> doubles => doubles[row],
        BytesColumn bytes when column.Type.Kind == TypeKind.String => bytes.Find(row),
        BytesColumn bytes when column.Type.Kind == TypeKind.Uuid => new Guid(bytes[row], bigEndian: true),
        BytesColumn bytes => (decimal)new System.Numerics.BigInteger(bytes[row], isUnsigned: false, isBigEndian: true) / (decimal)Math.Pow(10, column.Type.Scale),
        _ => throw new InvalidOperationException(),
    };

    static string Spell(RowBatch rows, int row) => string.Join('|', rows.Columns.Select(column => ValueOf(column, row)?.ToString() ?? "null"));

    static RowBatch MakeRows(Random random, ref long next, int count, IReadOnlyList<ColumnSchema>? schema = null)
    {
        schema ??= Wide;
        var first = next;
        next += count;
        var columns = schema.Select(column => column.FieldId == 1 ? new ValueColumn<long>(DataType.Long, [.. Enumerable.Range(0, count).Select(i => first + i)], count) : MakeColumn(random, column, count, random.Next(5) switch { 0 => 0, 1 => 1, _ => 0.3 })).ToArray();
        return new RowBatch(schema, columns, count);
    }

    static Column MakeColumn(Random random, ColumnSchema schema, int count, double nullShare)
    {
        var builder = ColumnBuilder.Create(schema.Type, count);
        Span<byte> uuid = stackalloc byte[16];
        for (var row = 0; row < count; row++)
        {
            if (random.NextDouble() < nullShare)
            {
                builder.AppendNull();
                continue;
            }
            // Grows with the rows, so that pages and row groups differ.
            var around = row / 4 + random.Next(-30, 30);
            switch (builder)
            {
                case ValueBuilder<byte> flags: flags.Append((byte)random.Next(2)); break;
                case ValueBuilder<int> ints: ints.Append(around); break;
                case ValueBuilder<long> longs: longs.Append(around * (schema.Type.Kind == TypeKind.TimestampTz ? 1_000_000L : 7)); break;
                case ValueBuilder<float> floats: floats.Append(around % 5 == 0 ? 0f : around); break;
                case ValueBuilder<double> doubles: doubles.Append(around % 7 == 0 ? -0.0 : around / 8.0); break;
                case BytesBuilder bytes when schema.Type.Kind == TypeKind.Decimal: bytes.Append(new System.Numerics.BigInteger(around * 12_345L).ToByteArray(isUnsigned: false, isBigEndian: true)); break;
                case BytesBuilder bytes when schema.Type.Kind == TypeKind.Uuid:
                    uuid.Clear();
                    uuid[0] = (byte)around;
                    uuid[15] = (byte)(around >> 8);
                    bytes.Append(uuid);
                    break;
                case BytesBuilder bytes: bytes.Append(schema.Name == "few" ? $"s{random.Next(5)}" : $"text {around:d6} {new string('x', random.Next(90))}"); break;
            }
        }
        return builder.Build();
    }

    static async Task RemoveSomeAsync(LakeTable table, Random random, long ids)
    {
        var builder = new RowBatchBuilder([new ColumnSchema(1, "id", DataType.Long)]);
        for (var i = random.Next(1, 300); i > 0; i--) builder.Longs(0).Append(random.NextInt64(ids));
        var at = table.Current!.SnapshotId;
        var (_, positions) = await table.LookupAsync(at, builder.Build(), ["id"], Token);
        await table.CommitAsync(new TableChange { Delete = positions, BaseSnapshotId = at }, Token);
    }

    static async Task<LakeTable> CreateAsync(IReadOnlyList<ColumnSchema> columns, IReadOnlyList<string> sortOrder, IObjectStore? store = null, int pageRows = 50)
    {
        var catalog = await LakeCatalog.OpenAsync(store ?? new MemoryObjectStore(), TimeProvider.System, Token);
        // Small row groups, of which a table of some hundred rows has several.
        return await catalog.EnsureTableAsync(TestLake.Name, new TableDefinition(columns) { Key = ["id"], SortOrder = sortOrder, Properties = pageRows == 0 ? new Dictionary<string, string> { ["write.parquet.compression-codec"] = "none" } : new Dictionary<string, string> { ["write.parquet.row-group-size-bytes"] = "70000", ["write.parquet.page-row-limit"] = $"{pageRows}" } }, Token);
    }

    static async Task<LakeTable> ReopenAsync(MemoryObjectStore store) => await (await LakeCatalog.OpenExistingAsync(store, TimeProvider.System, cancellationToken: Token)).GetTableAsync(TestLake.Name, Token);

    /// <summary>As another engine would: int and float widened, a decimal of more digits, a rename, a column added and one dropped.</summary>
    static async Task EvolveAsync(MemoryObjectStore store)
    {
        var key = $"bronze/orders/metadata/v{(await ReopenAsync(store)).MetadataVersion}.metadata.json";
        var json = JsonNode.Parse(MetadataEditor.WithoutChecksum(System.Text.Encoding.UTF8.GetString(await store.ReadAsync(key, Token))))!;
        var schema = json["schemas"]![0]!.DeepClone();
        schema["schema-id"] = 1;
        var fields = schema["fields"]!.AsArray();
        JsonNode Field(string name) => fields.First(field => field!["name"]!.GetValue<string>() == name)!;
        Field("small")["type"] = "long";
        Field("small")["name"] = "larger";
        Field("single")["type"] = "double";
        Field("price")["type"] = "decimal(18, 2)";
        Field("sum")["type"] = "decimal(24, 2)";
        fields.Remove(Field("text"));
        Field("few")["name"] = "text"; // the name of a column that is gone
        fields.Add(new JsonObject { ["id"] = 14, ["name"] = "added", ["type"] = "string", ["required"] = false });
        json["schemas"]!.AsArray().Add(schema);
        json["current-schema-id"] = 1;
        json["last-column-id"] = 14;
        await store.PutAsync(key, System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()), Token);
    }

    static async Task<int> CountAsync(LakeTable table, ColumnRange where)
    {
        var rows = 0;
        await foreach (var batch in table.ScanAsync(new ScanRequest { Where = [where] }, Token)) rows += batch.RowCount;
        return rows;
    }
}
