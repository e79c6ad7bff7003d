using System.Security.Cryptography;
using System.Text;
using Olist.Formats.Checksums;

namespace Olist.Formats.Avro;

/// <summary>A whole Avro object container file: magic, metadata, then blocks of records between sync markers.</summary>
/// <remarks>Codecs <c>null</c> and <c>deflate</c> (raw RFC 1951). Writing the same content twice gives the same bytes: the sync marker is taken from it.</remarks>
public static class AvroFile
{
    /// <summary>Files of one kind come with one schema, whose parsing costs more than a small file's records.</summary>
    static readonly AvroSchemaCache<AvroRecordSchema> Schemas = new(json => AvroSchema.Parse(json) as AvroRecordSchema ?? throw new FormatViolationException("the schema is not a record"));

    const int SyncBytes = 16;
    const int BlockBytes = 64 * 1024;
    const int LeastDeflatedBytes = 4 * 1024;

    static ReadOnlySpan<byte> Magic => "Obj\u0001"u8;

    /// <summary>The last metadata entry of files written here, up to its value of eight bytes (zigzag 16).</summary>
    static ReadOnlySpan<byte> ChecksumMarker => "olist.crc32c\u0010"u8;

    /// <summary>Reads all records. Values are null, bool, int, long, float, double, string (also enums), byte[] (also fixed), List&lt;object?&gt;, Dictionary&lt;string, object?&gt; and AvroRecord.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="FormatViolationException">Not such a file, or damaged; the message names file, field and byte offset.</exception>
    public static (AvroSchema Schema, IReadOnlyDictionary<string, byte[]> Metadata, IReadOnlyList<AvroRecord> Records) Read(ReadOnlyMemory<byte> file, string name)
    {
        var reader = new AvroReader(file.Span, name);
        if (!file.Span.StartsWith(Magic)) reader.Fail("no Avro object container file: it does not begin with 'Obj' 1");
        if (SelfChecksum.IsBroken(file.Span, ChecksumMarker)) reader.Fail($"its bytes do not have the checksum that its metadata gives ({SelfChecksum.Name}): the file is damaged");
        reader.Take(Magic.Length);
        var metadata = ReadMetadata(ref reader);
        var schema = ReadSchema(metadata, name);
        var deflated = ReadCodec(metadata, name);
        var sync = reader.Take(SyncBytes);
        var records = new List<AvroRecord>();
        for (var block = 0; reader.Remaining > 0; block++)
        {
            var start = reader.Position;
            var count = reader.ReadLong();
            if (count < 0) reader.Fail($"block {block} of {count} records");
            var bytes = reader.ReadBytes();
            if (!reader.Take(SyncBytes).SequenceEqual(sync)) reader.Fail($"block {block} does not end in the sync marker of the file", SyncBytes);
            var source = $"{name}, block {block} at byte {start}{(deflated ? ", inflated" : "")}";
            if (deflated) bytes = AvroDeflate.Inflate(bytes, source);
            ReadBlock(bytes, count, source, schema, records);
        }
        return (schema, metadata, records);
    }

    static void ReadBlock(ReadOnlySpan<byte> bytes, long count, string source, AvroRecordSchema schema, List<AvroRecord> records)
    {
        var reader = new AvroReader(bytes, source);
        var values = new AvroValueReader(AvroValueReader.BudgetFor(bytes.Length));
        for (; count > 0; count--) records.Add(values.ReadRecord(ref reader, schema));
        reader.Field = null;
        reader.ExpectEnd();
    }

    static Dictionary<string, byte[]> ReadMetadata(ref AvroReader reader)
    {
        var metadata = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        reader.Field = "metadata";
        for (var count = reader.ReadBlockCount(); count > 0; count = reader.ReadBlockCount())
            for (; count > 0; count--)
            {
                var key = Encoding.UTF8.GetString(reader.ReadString());
                metadata[key] = reader.ReadBytes().ToArray();
            }
        reader.Field = null;
        return metadata;
    }

    static AvroRecordSchema ReadSchema(Dictionary<string, byte[]> metadata, string name)
    {
        if (!metadata.TryGetValue("avro.schema", out var json)) throw new FormatViolationException($"{name}: the metadata has no avro.schema.");
        try
        {
            return Schemas.Get(Encoding.UTF8.GetString(json));
        }
        catch (FormatViolationException exception)
        {
            throw new FormatViolationException($"{name}, avro.schema: {exception.Message}", exception);
        }
    }

    static bool ReadCodec(Dictionary<string, byte[]> metadata, string name)
    {
        var codec = metadata.TryGetValue("avro.codec", out var text) ? Encoding.UTF8.GetString(text) : "null";
        return codec switch
        {
            "deflate" => true,
            "null" => false,
            _ => throw new FormatViolationException($"{name}: codec '{codec}' is not supported; known are null and deflate."),
        };
    }

    /// <summary>A file of the given records.</summary>
    /// <param name="schema">A record.</param>
    /// <param name="records">One value per field of the schema; see <see cref="Read"/> for their types. A nested record is an object?[] or an AvroRecord.</param>
    /// <param name="metadata">Beside <c>avro.schema</c>, <c>avro.codec</c> and <c>olist.crc32c</c> (<see cref="SelfChecksum"/> of the whole file), which are written here.</param>
    /// <param name="deflate">Whether blocks are compressed; those of small files never are, as their header, which is not, is most of them.</param>
    /// <exception cref="ArgumentException">A value does not fit; the message names record and field.</exception>
    public static byte[] Write(AvroSchema schema, IEnumerable<object?[]> records, IEnumerable<KeyValuePair<string, string>> metadata, bool deflate)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (schema is not AvroRecordSchema record) throw new ArgumentException("A file holds records; the schema is another kind.", nameof(schema));
        var bodies = MakeBodies(record, records);
        deflate = deflate && bodies.Sum(body => body.Bytes.Length) >= LeastDeflatedBytes;
        var header = MakeHeader(record, metadata, deflate);
        var blocks = bodies.ConvertAll(body => MakeBlock(body.Bytes, body.Count, deflate));
        var sync = MakeSync(header, blocks);
        using var file = new MemoryStream();
        file.Write(header.Written);
        file.Write(sync);
        foreach (var block in blocks)
        {
            file.Write(block);
            file.Write(sync);
        }
        var content = file.ToArray();
        SelfChecksum.Seal(content, ChecksumMarker);
        return content;
    }

    static AvroBuffer MakeHeader(AvroRecordSchema schema, IEnumerable<KeyValuePair<string, string>> metadata, bool deflate)
    {
        KeyValuePair<string, string>[] all = [new("avro.schema", schema.ToJson()), new("avro.codec", deflate ? "deflate" : "null"), .. metadata, new(SelfChecksum.Name, SelfChecksum.Placeholder)];
        var header = new AvroBuffer();
        header.WriteRaw(Magic);
        header.WriteLong(all.Length);
        foreach (var (key, value) in all)
        {
            header.WriteString(key);
            header.WriteString(value);
        }
        header.WriteLong(0);
        return header;
    }

    static List<(byte[] Bytes, long Count)> MakeBodies(AvroRecordSchema schema, IEnumerable<object?[]> records)
    {
        var bodies = new List<(byte[], long)>();
        var body = new AvroBuffer();
        long count = 0;
        long index = 0;
        foreach (var values in records)
        {
            AvroValueWriter.Write(body, schema, values, $"record {index++}");
            count++;
            if (body.Length < BlockBytes) continue;
            bodies.Add((body.Written.ToArray(), count));
            body.Clear();
            count = 0;
        }
        if (count > 0) bodies.Add((body.Written.ToArray(), count));
        return bodies;
    }

    static byte[] MakeBlock(byte[] body, long count, bool deflate)
    {
        var block = new AvroBuffer();
        block.WriteLong(count);
        block.WriteBytes(deflate ? AvroDeflate.Deflate(body) : body);
        return block.Written.ToArray();
    }

    static byte[] MakeSync(AvroBuffer header, List<byte[]> blocks)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header.Written);
        foreach (var block in blocks) hash.AppendData(block);
        return hash.GetHashAndReset()[..SyncBytes];
    }
}
