using System.Buffers;
using Olist.Formats.Avro;
using Olist.Formats.Columns;

namespace Olist.Streaming.SchemaRegistry;

/// <summary>Writes rows as framed Avro records of one registered schema. Safe to use from many threads.</summary>
public sealed class RecordEncoder
{
    readonly AvroRowCodec _codec;
    readonly byte[] _header = new byte[WireFormat.HeaderBytes];

    RecordEncoder(AvroSchema schema, int schemaId)
    {
        _codec = new AvroRowCodec(schema);
        SchemaId = schemaId;
        WireFormat.WriteHeader(_header, schemaId);
    }

    public int SchemaId { get; }

    /// <summary>The columns that a batch begins with.</summary>
    public IReadOnlyList<ColumnSchema> Columns => _codec.Columns;

    /// <summary>Registers the schema under the subject, if it is not there yet.</summary>
    public static async ValueTask<RecordEncoder> CreateAsync(ISchemaRegistry registry, string subject, AvroSchema schema, CancellationToken cancellationToken)
    {
        var registered = await registry.RegisterAsync(subject, schema, cancellationToken);
        return new RecordEncoder(schema, registered.Id);
    }

    /// <summary>Frame and record of one row.</summary>
    /// <exception cref="Formats.FormatViolationException">A value that the schema does not allow; nothing was written.</exception>
    public void Encode(RowBatch batch, int row, IBufferWriter<byte> output) => _codec.Encode(batch, row, output, _header);
}
