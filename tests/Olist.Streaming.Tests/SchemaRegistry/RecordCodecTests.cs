using System.Buffers;
using Olist.Formats;
using Olist.Formats.Avro;
using Olist.Formats.Columns;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Streaming.Tests.SchemaRegistry;

public sealed class RecordCodecTests : IDisposable
{
    const string First = """{"type":"record","name":"payment","fields":[{"name":"order_id","type":"string"},{"name":"value","type":["null","int"]}]}""";

    /// <summary>A later version: a wider number, one field renamed, one new, one gone.</summary>
    const string Second = """
        {"type":"record","name":"payment","fields":[
          {"name":"installments","type":"int","default":7},
          {"name":"value","type":["null","long"]},
          {"name":"id","type":"string","aliases":["order_id"]},
          {"name":"kind","type":["null","string"],"default":null}]}
        """;

    readonly TempFolder _folder = new();
    readonly StateFolder _state;

    public RecordCodecTests() => _state = StateFolder.Acquire(_folder.Of("state"));

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _state.Dispose();
        _folder.Dispose();
    }

    static RowBatch Payments(IReadOnlyList<ColumnSchema> columns)
    {
        var builder = new RowBatchBuilder(columns);
        builder.Bytes(0).Append("o1");
        builder.Ints(1).Append(300);
        builder.Bytes(0).Append("o2");
        builder.Columns[1].AppendNull();
        return builder.Build();
    }

    static byte[] Encode(RecordEncoder encoder, RowBatch batch, int row)
    {
        var output = new ArrayBufferWriter<byte>();
        encoder.Encode(batch, row, output);
        return output.WrittenSpan.ToArray();
    }

    [Fact]
    public async Task A_record_is_magic_id_and_body()
    {
        var registry = await LocalSchemaRegistry.OpenAsync(_state, cancellationToken: Token);
        await registry.RegisterAsync("other", AvroSchema.Parse("\"string\""), Token);
        var encoder = await RecordEncoder.CreateAsync(registry, "payment-value", AvroSchema.Parse(First), Token);
        Assert.Equal("0000000002" + "046F31" + "02D804", Convert.ToHexString(Encode(encoder, Payments(encoder.Columns), 0)));
    }

    [Fact]
    public async Task Rows_of_the_same_schema_come_back()
    {
        var registry = await LocalSchemaRegistry.OpenAsync(_state, cancellationToken: Token);
        var encoder = await RecordEncoder.CreateAsync(registry, "payment-value", AvroSchema.Parse(First), Token);
        var decoder = new RecordDecoder(registry, AvroSchema.Parse(First));
        var target = new RowBatchBuilder(decoder.Columns);
        for (var row = 0; row < 2; row++) decoder.Decode(Encode(encoder, Payments(encoder.Columns), row), target);
        var batch = target.Build();
        Assert.Equal(["o1", "o2"], Enumerable.Range(0, 2).Select(batch.Bytes("order_id").Find));
        Assert.Equal([300, null], Enumerable.Range(0, 2).Select(batch.Ints("value").Find));
    }

    [Fact]
    public async Task A_later_reader_reads_old_records()
    {
        var registry = await LocalSchemaRegistry.OpenAsync(_state, cancellationToken: Token);
        var encoder = await RecordEncoder.CreateAsync(registry, "payment-value", AvroSchema.Parse(First), Token);
        var decoder = new RecordDecoder(registry, AvroSchema.Parse(Second));
        var target = new RowBatchBuilder(decoder.Columns);
        for (var row = 0; row < 2; row++) decoder.Decode(Encode(encoder, Payments(encoder.Columns), row), target);
        var batch = target.Build();
        Assert.Equal([7, 7], batch.Ints("installments").Span.ToArray());
        Assert.Equal([300L, null], Enumerable.Range(0, 2).Select(batch.Longs("value").Find));
        Assert.Equal(["o1", "o2"], Enumerable.Range(0, 2).Select(batch.Bytes("id").Find));
        Assert.Equal(2, batch["kind"].CountNulls());
    }

    [Fact]
    public async Task An_early_reader_skips_fields_that_it_does_not_know()
    {
        var registry = await LocalSchemaRegistry.OpenAsync(_state, SchemaCompatibility.None, Token);
        var writer = AvroSchema.Parse("""{"type":"record","name":"payment","fields":[{"name":"tags","type":{"type":"array","items":"string"}},{"name":"order_id","type":"string"},{"name":"value","type":"int"}]}""");
        var id = (await registry.RegisterAsync("payment-value", writer, Token)).Id;
        var decoder = new RecordDecoder(registry, AvroSchema.Parse(First));
        var target = new RowBatchBuilder(decoder.Columns);
        decoder.Decode([0, 0, 0, 0, (byte)id, .. Convert.FromHexString("04026104626200"), .. "\u0004o1"u8, 8], target);
        Assert.Equal("o1", target.Build().Bytes("order_id").Find(0));
    }

    [Fact]
    public async Task Each_way_to_fail_has_its_own_type_and_leaves_the_builder_as_it_was()
    {
        var registry = await LocalSchemaRegistry.OpenAsync(_state, cancellationToken: Token);
        var encoder = await RecordEncoder.CreateAsync(registry, "payment-value", AvroSchema.Parse(First), Token);
        var foreign = await registry.RegisterAsync("foreign", AvroSchema.Parse("""{"type":"record","name":"review","fields":[{"name":"value","type":"string"}]}"""), Token);
        var decoder = new RecordDecoder(registry, AvroSchema.Parse(First));
        var target = new RowBatchBuilder(decoder.Columns);
        var good = Encode(encoder, Payments(encoder.Columns), 0);
        decoder.Decode(good, target);
        Assert.Throws<NotFramedException>(() => decoder.Decode([], target));
        Assert.Throws<NotFramedException>(() => decoder.Decode("{\"order_id\":1}"u8, target));
        Assert.Throws<NotFramedException>(() => decoder.Decode([0, 0, 0, 0], target));
        Assert.Contains("no schema 99", Assert.Throws<UnknownSchemaException>(() => decoder.Decode([0, 0, 0, 0, 99, 1], target)).Message, StringComparison.Ordinal);
        var incompatible = Assert.Throws<IncompatibleSchemaException>(() => decoder.Decode([0, 0, 0, 0, (byte)foreign.Id, 2, 65], target));
        Assert.Contains("review is read as payment", incompatible.Message, StringComparison.Ordinal);
        Assert.Contains("field value, byte 4", Assert.Throws<MalformedRecordException>(() => decoder.Decode(good.AsSpan(0, good.Length - 2), target)).Message, StringComparison.Ordinal);
        Assert.Throws<MalformedRecordException>(() => decoder.Decode([.. good, 0], target));
        Assert.All(target.Columns, column => Assert.Equal(1, column.Count));
    }

    [Fact]
    public async Task A_slow_registry_is_asked_once_for_a_batch()
    {
        var local = await LocalSchemaRegistry.OpenAsync(_state, cancellationToken: Token);
        var encoder = await RecordEncoder.CreateAsync(local, "payment-value", AvroSchema.Parse(First), Token);
        var slow = new SlowRegistry(local);
        var decoder = new RecordDecoder(slow, AvroSchema.Parse(Second));
        var target = new RowBatchBuilder(decoder.Columns);
        var value = Encode(encoder, Payments(encoder.Columns), 0);
        var batch = new ConsumedBatch([.. Enumerable.Repeat(new ConsumedRecord("payment", 0, 0, 0, default, value, false, []), 3)]);
        await decoder.ResolveAsync(batch, Token);
        await decoder.ResolveAsync(batch, Token);
        foreach (var record in batch.Records) decoder.Decode(record.Value.Span, target);
        Assert.Equal(3, target.RowCount);
        Assert.Equal(1, slow.Asked);
    }

    [Fact]
    public async Task A_value_that_does_not_fit_writes_nothing()
    {
        var registry = await LocalSchemaRegistry.OpenAsync(_state, cancellationToken: Token);
        var encoder = await RecordEncoder.CreateAsync(registry, "s", AvroSchema.Parse(First), Token);
        var builder = new RowBatchBuilder(encoder.Columns);
        builder.Columns[0].AppendNull();
        builder.Ints(1).Append(1);
        var output = new ArrayBufferWriter<byte>();
        Assert.Throws<FormatViolationException>(() => encoder.Encode(builder.Build(), 0, output));
        Assert.Equal(0, output.WrittenCount);
    }

    /// <summary>Answers later, like one behind HTTP.</summary>
    sealed class SlowRegistry(ISchemaRegistry inner) : ISchemaRegistry
    {
        public int Asked { get; private set; }

        public async ValueTask<AvroSchema?> FindAsync(int id, CancellationToken cancellationToken)
        {
            Asked++;
            await Task.Yield();
            return await inner.FindAsync(id, cancellationToken);
        }

        public ValueTask<RegisteredSchema> RegisterAsync(string subject, AvroSchema schema, CancellationToken cancellationToken) => inner.RegisterAsync(subject, schema, cancellationToken);
        public ValueTask<RegisteredSchema?> FindVersionAsync(string subject, int version, CancellationToken cancellationToken) => inner.FindVersionAsync(subject, version, cancellationToken);
        public ValueTask<RegisteredSchema?> FindLatestAsync(string subject, CancellationToken cancellationToken) => inner.FindLatestAsync(subject, cancellationToken);
        public ValueTask<IReadOnlyList<int>> ListVersionsAsync(string subject, CancellationToken cancellationToken) => inner.ListVersionsAsync(subject, cancellationToken);
        public ValueTask<IReadOnlyList<string>> ListSubjectsAsync(CancellationToken cancellationToken) => inner.ListSubjectsAsync(cancellationToken);
        public ValueTask<IReadOnlyList<string>> ExplainIncompatibilityAsync(string subject, AvroSchema schema, CancellationToken cancellationToken) => inner.ExplainIncompatibilityAsync(subject, schema, cancellationToken);
    }
}
