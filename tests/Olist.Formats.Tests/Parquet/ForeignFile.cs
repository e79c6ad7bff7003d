using Olist.Formats.Parquet;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Tests.Parquet;

/// <summary>A file of one row group of INT32 leaves put together by hand: any schema tree, any levels, right or wrong; pages v1 or v2, uncompressed, without checksums.</summary>
sealed class ForeignFile(SchemaElement[] schema, int rows, bool isV2 = false)
{
    readonly List<byte> _bytes = [.. "PAR1"u8];
    readonly List<ColumnChunkMetadata> _chunks = [];

    public static SchemaElement Group(string name, int children, Repetition? repetition = Repetition.Optional, ConvertedType? converted = null, int? id = null) =>
        new(name) { ChildCount = children, Repetition = repetition, Converted = converted, FieldId = id };

    public static SchemaElement Leaf(string name, Repetition repetition, int? id = null) => new(name) { Type = PhysicalType.Int32, Repetition = repetition, FieldId = id };

    /// <param name="maxRepetition">What the schema says.</param>
    /// <param name="maxDefinition">What the schema says.</param>
    /// <param name="levels">Repetition and definition of every entry.</param>
    /// <param name="values">Plain.</param>
    public ForeignFile Chunk(int maxRepetition, int maxDefinition, (int Repetition, int Definition)[] levels, params int[] values)
    {
        byte[] Levels(IEnumerable<int> all, int max) => max == 0 ? [] : DullEncodings.Hybrid(all, 32 - int.LeadingZeroCount(max));
        var repetitions = Levels(levels.Select(level => level.Repetition), maxRepetition);
        var definitions = Levels(levels.Select(level => level.Definition), maxDefinition);
        byte[] Prefixed(byte[] bytes) => isV2 || bytes.Length == 0 ? bytes : [.. BitConverter.GetBytes(bytes.Length), .. bytes];
        byte[] body = [.. Prefixed(repetitions), .. Prefixed(definitions), .. values.SelectMany(BitConverter.GetBytes)];
        using var header = new ByteBuffer();
        if (isV2) WriteV2(new ThriftWriter(header), body.Length, levels.Length, definitions.Length, repetitions.Length);
        else new PageHeader { Type = PageType.Data, Encoding = PageEncoding.Plain, ValueCount = levels.Length, UncompressedBytes = body.Length, CompressedBytes = body.Length }.Write(new ThriftWriter(header));
        var start = _bytes.Count;
        _bytes.AddRange(header.Span);
        _bytes.AddRange(body);
        _chunks.Add(new ColumnChunkMetadata(new ColumnMetadata { Type = PhysicalType.Int32, ValueCount = levels.Length, CompressedBytes = _bytes.Count - start, UncompressedBytes = _bytes.Count - start, DataPageOffset = start }));
        return this;
    }

    static void WriteV2(ThriftWriter writer, int bytes, int values, int definitionBytes, int repetitionBytes)
    {
        writer.BeginStruct();
        writer.Int32(1, (int)PageType.DataV2);
        writer.Int32(2, bytes);
        writer.Int32(3, bytes);
        writer.BeginStruct(8);
        writer.Int32(1, values);
        writer.Int32(2, 0);
        writer.Int32(3, 0);
        writer.Int32(4, (int)PageEncoding.Plain);
        writer.Int32(5, definitionBytes);
        writer.Int32(6, repetitionBytes);
        writer.EndStruct();
        writer.EndStruct();
    }

    public byte[] ToBytes()
    {
        using var footer = new ByteBuffer();
        new FileMetadata { Schema = [new SchemaElement("root") { ChildCount = TopLevel(schema) }, .. schema], RowCount = rows, RowGroups = [new RowGroupMetadata([.. _chunks]) { RowCount = rows }] }.Write(new ThriftWriter(footer));
        return [.. _bytes, .. footer.Span, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8];
    }

    static int TopLevel(SchemaElement[] elements)
    {
        var (fields, at) = (0, 0);
        for (; at < elements.Length; fields++)
            for (var open = 1; open > 0; open--) open += elements[at++].ChildCount ?? 0;
        return fields;
    }
}
