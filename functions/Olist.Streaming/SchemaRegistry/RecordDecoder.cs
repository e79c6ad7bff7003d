using System.Collections.Concurrent;
using Olist.Formats;
using Olist.Formats.Avro;
using Olist.Formats.Columns;

namespace Olist.Streaming.SchemaRegistry;

/// <summary>Reads framed Avro records of any schema that the reader's schema can read into rows. Safe to use from many threads.</summary>
public sealed class RecordDecoder(ISchemaRegistry registry, AvroSchema readerSchema)
{
    readonly ConcurrentDictionary<int, Writer> _writers = new();
    readonly AvroRowDecoder _own = new(readerSchema);
    readonly string _readerForm = readerSchema.ToIdentityForm();
    Writer? _last;

    /// <summary>What a schema id stands for: a decoder, or the reason why there can't be one.</summary>
    sealed record Writer(int SchemaId, AvroRowDecoder? Decoder, string? Problem);

    /// <summary>The columns that a builder begins with.</summary>
    public IReadOnlyList<ColumnSchema> Columns => _own.Columns;

    /// <summary>Asks the registry for the schemas of a batch that are not known yet. Only needed with a registry that has to be waited for.</summary>
    public async ValueTask ResolveAsync(ConsumedBatch batch, CancellationToken cancellationToken)
    {
        var unknown = new HashSet<int>();
        foreach (ref readonly var record in batch.AsSpan())
            if (WireFormat.TryReadHeader(record.Value.Span, out var id) && !_writers.ContainsKey(id)) unknown.Add(id);
        foreach (var id in unknown)
            if (await registry.FindAsync(id, cancellationToken) is { } schema) Add(id, schema);
    }

    /// <summary>Appends one record to the first columns of the builder; when it throws the builder is as before.</summary>
    /// <exception cref="NotFramedException">The value has no frame.</exception>
    /// <exception cref="UnknownSchemaException">Nobody knows the schema id.</exception>
    /// <exception cref="IncompatibleSchemaException">The reader's schema can't read records of the writer's.</exception>
    /// <exception cref="MalformedRecordException">The body is not a record of the writer's schema.</exception>
    public void Decode(ReadOnlySpan<byte> value, RowBatchBuilder target)
    {
        if (!WireFormat.TryReadHeader(value, out var id)) throw NotFramed(value);
        var writer = Volatile.Read(ref _last);
        if (writer is null || writer.SchemaId != id) Volatile.Write(ref _last, writer = FindWriter(id));
        if (writer.Decoder is null) throw new IncompatibleSchemaException(writer.Problem!);
        try
        {
            writer.Decoder.Decode(value[WireFormat.HeaderBytes..], target);
        }
        catch (FormatViolationException exception)
        {
            throw new MalformedRecordException($"The body (after {WireFormat.HeaderBytes} bytes of frame) is no record of schema {id}: {exception.Message}", exception);
        }
    }

    static NotFramedException NotFramed(ReadOnlySpan<byte> value) => new(value.IsEmpty
        ? "The value is empty; a record begins with a zero byte and 4 bytes of schema id."
        : $"The value of {value.Length} bytes begins with {Convert.ToHexStringLower(value[..Math.Min(value.Length, WireFormat.HeaderBytes)])} (hex); a record begins with a zero byte and 4 bytes of schema id.");

    Writer FindWriter(int id)
    {
        if (_writers.TryGetValue(id, out var known)) return known;
        // A local registry answers at once; one that has to be waited for was asked by ResolveAsync.
        var asked = registry.FindAsync(id, CancellationToken.None);
        if (asked.IsCompletedSuccessfully && asked.Result is { } schema) return Add(id, schema);
        throw new UnknownSchemaException($"The schema registry has no schema {id}.");
    }

    Writer Add(int id, AvroSchema schema) => _writers.GetOrAdd(id, Make, schema);

    Writer Make(int id, AvroSchema schema)
    {
        if (schema.ToIdentityForm() == _readerForm) return new Writer(id, _own, null);
        try
        {
            return new Writer(id, new AvroRowDecoder(schema, readerSchema), null);
        }
        catch (FormatViolationException exception)
        {
            return new Writer(id, null, $"Schema {id} is not one that this reader reads: {exception.Message}");
        }
    }
}
