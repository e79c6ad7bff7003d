using System.Text;
using System.Text.Json;
using Olist.Formats.Avro;

namespace Olist.Formats.Tests.Avro;

public sealed class AvroFileTests
{
    /// <summary>Every kind of value that an Iceberg manifest has, and those it could have.</summary>
    static readonly AvroSchema Everything = AvroSchema.Parse("""
        {"type":"record","name":"manifest_entry","fields":[
          {"name":"status","type":"int","field-id":0},
          {"name":"snapshot_id","type":["null","long"],"default":null,"field-id":1},
          {"name":"data_file","field-id":2,"type":{"type":"record","name":"r2","fields":[
            {"name":"file_path","type":"string","field-id":100},
            {"name":"partition","field-id":102,"type":{"type":"record","name":"r102","fields":[]}},
            {"name":"uuid","field-id":103,"type":["null",{"type":"fixed","name":"uuid_fixed","size":4}]},
            {"name":"lower_bounds","field-id":125,"type":["null",{"type":"array","logicalType":"map","items":{"type":"record","name":"k126_v127","fields":[
              {"name":"key","type":"int","field-id":126},{"name":"value","type":"bytes","field-id":127}]}}],"default":null},
            {"name":"split_offsets","field-id":132,"type":["null",{"type":"array","items":"long","element-id":133}],"default":null}]}},
          {"name":"flag","type":"boolean","field-id":3},
          {"name":"ratio","type":"double","field-id":4},
          {"name":"small","type":"float","field-id":5},
          {"name":"kind","type":{"type":"enum","name":"kind","symbols":["A","B"]},"field-id":6},
          {"name":"tags","type":{"type":"map","values":"string"},"field-id":7}]}
        """);

    static object?[] Entry(int seed) =>
    [
        seed % 3, seed % 2 == 0 ? null : seed * 7_000_000_000L,
        new object?[]
        {
            $"s3://lake/tabela/{seed}/ação.parquet", Array.Empty<object?>(), seed % 4 == 0 ? null : BitConverter.GetBytes(seed),
            seed % 5 == 0 ? null : new List<object?> { new object?[] { 1, new byte[] { 1, 2, (byte)seed } }, new object?[] { -2, Array.Empty<byte>() } },
            new List<object?> { 4L, long.MaxValue, long.MinValue },
        },
        seed % 2 == 1, seed / 3.0, seed / 7f, seed % 2 == 0 ? "A" : "B",
        new Dictionary<string, object?> { ["key"] = $"value {seed}" },
    ];

    /// <summary>Records that fill enough bytes to be deflated.</summary>
    const int FewDeflated = 40;

    static byte[] Few(bool deflate) => File(deflate ? FewDeflated : 4, deflate);

    static byte[] File(int records, bool deflate) =>
        AvroFile.Write(Everything, Enumerable.Range(0, records).Select(Entry), [new("format-version", "2"), new("content", "data")], deflate);

    [Theory, InlineData(0, false, "null"), InlineData(1, true, "null"), InlineData(7, false, "null"), InlineData(FewDeflated, true, "deflate"), InlineData(5000, true, "deflate"), InlineData(5000, false, "null")]
    public void Gives_back_what_was_written(int count, bool deflate, string codec)
    {
        var (schema, metadata, records) = AvroFile.Read(File(count, deflate), "m0.avro");
        Assert.Equal(Everything.ToJson(), schema.ToJson());
        Assert.Equal("2", Encoding.UTF8.GetString(metadata["format-version"]));
        Assert.Equal(codec, Encoding.UTF8.GetString(metadata["avro.codec"]));
        Assert.Equal(count, records.Count);
        for (var i = 0; i < count; i++) Assert.Equivalent(Plain(Entry(i)), Plain(records[i]), strict: true);
    }

    [Fact]
    public void Bytes_of_a_small_file_are_the_specifications()
    {
        var schema = AvroSchema.Parse("""{"type":"record","name":"r","fields":[{"name":"a","type":"long"},{"name":"b","type":["null","string"]}]}""");
        var file = AvroFile.Write(schema, [[-65L, "foo"], [1L, null]], [], deflate: false);
        var text = Encoding.Latin1.GetString(file);
        Assert.StartsWith("Obj\u0001\u0006\u0016avro.schema", text, StringComparison.Ordinal);
        var sync = file[^16..];
        byte[] block = [0x04, 0x12, 0x81, 0x01, 0x02, 0x06, 0x66, 0x6F, 0x6F, 0x02, 0x00];
        Assert.Equal([.. block, .. sync], file[^(block.Length + 16)..]);
    }

    [Fact]
    public void Same_content_gives_the_same_bytes() => Assert.Equal(File(100, true), File(100, true));

    /// <summary>The file as somebody else would have written it: its checksum has another name.</summary>
    static byte[] Foreign(byte[] file)
    {
        var at = file.AsSpan().IndexOf("olist.crc32c"u8);
        "other"u8.CopyTo(file.AsSpan(at));
        return file;
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Any_changed_byte_or_missing_end_of_an_own_file_is_detected_or_harmless(bool deflate)
    {
        var file = Few(deflate);
        var expected = JsonSerializer.Serialize(AvroFile.Read(file, "m0.avro").Records.Select(record => record.Values));
        for (var at = 0; at < file.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var damaged = file.ToArray();
                damaged[at] ^= (byte)(1 << bit);
                try
                {
                    Assert.Equal(expected, JsonSerializer.Serialize(AvroFile.Read(damaged, "damaged.avro").Records.Select(record => record.Values)));
                }
                catch (FormatViolationException e)
                {
                    Assert.StartsWith("damaged.avro", e.Message, StringComparison.Ordinal);
                }
            }
            Assert.Throws<FormatViolationException>(() => AvroFile.Read(file.AsMemory(0, at), "short.avro"));
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Every_truncation_is_a_typed_error(bool deflate)
    {
        var file = Foreign(Few(deflate));
        var sync = file.AsSpan()[^16..];
        var withoutBlocks = file.AsSpan().IndexOf(sync) + sync.Length;
        for (var length = 0; length < file.Length; length++)
        {
            if (length == withoutBlocks) continue;   // a whole file of no records
            var exception = Assert.Throws<FormatViolationException>(() => AvroFile.Read(file.AsMemory(0, length), "m0.avro"));
            Assert.Contains("m0.avro", exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory, InlineData(true, 1), InlineData(false, 2)]
    public void Damage_never_escapes_as_another_error(bool deflate, int seed)
    {
        var random = new Random(seed);
        var file = Foreign(Few(deflate));
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = file.ToArray();
            for (var hits = random.Next(1, 4); hits > 0; hits--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                AvroFile.Read(damaged, "damaged.avro");
            }
            catch (FormatViolationException)
            {
                // the only exception that may come
            }
        }
    }

    [Fact]
    public void Counts_that_no_bytes_stand_behind_are_refused()
    {
        var empty = AvroSchema.Parse("""{"type":"record","name":"r","fields":[]}""");
        var file = AvroFile.Write(empty, [[]], [], deflate: false);
        byte[] absurd = [.. Foreign(file)[..^18], 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0x00, .. file[^16..]];
        var exception = Assert.Throws<FormatViolationException>(() => AvroFile.Read(absurd, "absurd.avro"));
        Assert.Contains("more values than its bytes can hold", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Endless_recursion_is_refused()
    {
        const string Recursive = """{"type":"record","name":"r","fields":[{"name":"n","type":"r"}]}""";
        var file = AvroFile.Write(AvroSchema.Parse("""{"type":"record","name":"r","fields":[]}"""), [[]], [], deflate: false);
        var header = AvroFile.Write(AvroSchema.Parse(Recursive), [], [], deflate: false);
        byte[] absurd = [.. Foreign(header), 0x02, 0x00, .. header[^16..]];
        Assert.NotEmpty(file);
        var exception = Assert.Throws<FormatViolationException>(() => AvroFile.Read(absurd, "deep.avro"));
        Assert.Contains("nested more than", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_does_not_fit_is_named()
    {
        var schema = AvroSchema.Parse("""{"type":"record","name":"r","fields":[{"name":"a","type":"long"}]}""");
        var exception = Assert.Throws<ArgumentException>(() => AvroFile.Write(schema, [[1L], ["text"]], [], deflate: false));
        Assert.Contains("record 1.a: found String, expected a value of \"long\"", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Written by avsc 5.7.9 (npm): createFileEncoder(schema, { codec: 'deflate' }), records { id: 'é' + i, n: i == 1 ? null : i * 1e9, tags: [i, -i], m: { k: i / 2 } }.</summary>
    const string ByAvsc =
        "T2JqAQQWYXZyby5zY2hlbWGoA3sidHlwZSI6InJlY29yZCIsIm5hbWUiOiJyIiwiZmllbGRzIjpbeyJuYW1lIjoiaWQiLCJ0eXBlIjoic3RyaW5nIn0seyJu" +
        "YW1lIjoibiIsInR5cGUiOlsibnVsbCIsImxvbmciXX0seyJuYW1lIjoidGFncyIsInR5cGUiOnsidHlwZSI6ImFycmF5IiwiaXRlbXMiOiJpbnQifX0seyJu" +
        "YW1lIjoibSIsInR5cGUiOnsidHlwZSI6Im1hcCIsInZhbHVlcyI6ImRvdWJsZSJ9fV19FGF2cm8uY29kZWMOZGVmbGF0ZQDKeh5KwJMWvcWaa/6lFK+uBl5j" +
        "O7zSgImBhYGBgYkpmwEG2A6vNGRgYWJECD6wBwkaMTVcWPOZj4WFGSHzwZ4BAMp6HkrAkxa9xZpr/qUUr64=";

    [Fact]
    public void A_file_of_another_implementation_is_read()
    {
        var (_, _, records) = AvroFile.Read(Convert.FromBase64String(ByAvsc), "avsc.avro");
        Assert.Equal(3, records.Count);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(($"é{i}", i == 1 ? null : i * 1_000_000_000L), ((string)records[i]["id"]!, (long?)records[i]["n"]));
            Assert.Equal([i, -i], (List<object?>)records[i]["tags"]!);
            Assert.Equal(i / 2.0, ((Dictionary<string, object?>)records[i]["m"]!)["k"]);
        }
    }

    /// <summary>Records as plain nested lists, however they were given.</summary>
    static object? Plain(object? value) => value switch
    {
        AvroRecord record => record.Values.Select(Plain).ToList(),
        Dictionary<string, object?> map => map.Select(pair => (object?)(pair.Key, Plain(pair.Value))).ToList(),
        byte[] bytes => Convert.ToHexString(bytes),
        string text => text,
        System.Collections.IEnumerable list => list.Cast<object?>().Select(Plain).ToList(),
        _ => value,
    };
}
