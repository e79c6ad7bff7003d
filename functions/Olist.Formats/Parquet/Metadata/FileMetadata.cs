using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Parquet.Metadata;

/// <summary>The footer.</summary>
sealed record FileMetadata
{
    public int Version { get; init; } = 1;
    public IReadOnlyList<SchemaElement> Schema { get; init; } = [];
    public long RowCount { get; init; } = -1;
    public IReadOnlyList<RowGroupMetadata> RowGroups { get; init; } = [];
    public IReadOnlyList<KeyValuePair<string, string>> KeyValues { get; init; } = [];
    public string? CreatedBy { get; init; }

    /// <summary>Leaves that say how their min and max are ordered; without it they mean nothing.</summary>
    public int ColumnOrderCount { get; init; }

    public void Write(ThriftWriter writer)
    {
        writer.BeginStruct();
        writer.Int32(1, Version);
        writer.List(2, ThriftType.Struct, Schema.Count);
        foreach (var element in Schema) element.Write(writer);
        writer.Int64(3, RowCount);
        writer.List(4, ThriftType.Struct, RowGroups.Count);
        foreach (var group in RowGroups) group.Write(writer);
        if (KeyValues.Count > 0) writer.List(5, ThriftType.Struct, KeyValues.Count);
        foreach (var (key, value) in KeyValues)
        {
            writer.BeginStruct();
            writer.Text(1, key);
            writer.Text(2, value);
            writer.EndStruct();
        }
        writer.Text(6, CreatedBy);
        writer.List(7, ThriftType.Struct, ColumnOrderCount);
        for (var i = 0; i < ColumnOrderCount; i++)
        {
            writer.BeginStruct();
            writer.EmptyStruct(1);
            writer.EndStruct();
        }
        writer.EndStruct();
    }

    public static FileMetadata Read(ref ThriftReader reader)
    {
        var file = new FileMetadata();
        short id = 0;
        while (reader.NextField(ref id, out var type))
            switch (id)
            {
                case 1: file = file with { Version = reader.Int32(type) }; break;
                case 2: file = file with { Schema = ReadSchema(ref reader, type) }; break;
                case 3: file = file with { RowCount = reader.Int64(type) }; break;
                case 4: file = file with { RowGroups = ReadRowGroups(ref reader, type) }; break;
                case 5: file = file with { KeyValues = ReadKeyValues(ref reader, type) }; break;
                case 6: file = file with { CreatedBy = reader.Text(type) }; break;
                case 7: file = file with { ColumnOrderCount = SkipColumnOrders(ref reader, type) }; break;
                default: reader.Skip(type); break;
            }
        return file;
    }

    static List<SchemaElement> ReadSchema(ref ThriftReader reader, ThriftType type)
    {
        var count = reader.List(type, ThriftType.Struct);
        var schema = new List<SchemaElement>(Math.Min(count, 256));
        for (var i = 0; i < count; i++) schema.Add(SchemaElement.Read(ref reader));
        return schema;
    }

    static List<RowGroupMetadata> ReadRowGroups(ref ThriftReader reader, ThriftType type)
    {
        var count = reader.List(type, ThriftType.Struct);
        var groups = new List<RowGroupMetadata>(Math.Min(count, 256));
        for (var i = 0; i < count; i++) groups.Add(RowGroupMetadata.Read(ref reader));
        return groups;
    }

    static List<KeyValuePair<string, string>> ReadKeyValues(ref ThriftReader reader, ThriftType type)
    {
        var count = reader.List(type, ThriftType.Struct);
        var pairs = new List<KeyValuePair<string, string>>(Math.Min(count, 256));
        for (var i = 0; i < count; i++)
        {
            var (key, value) = ("", "");
            short id = 0;
            while (reader.NextField(ref id, out var field))
                switch (id)
                {
                    case 1: key = reader.Text(field); break;
                    case 2: value = reader.Text(field); break;
                    default: reader.Skip(field); break;
                }
            pairs.Add(new(key, value));
        }
        return pairs;
    }

    static int SkipColumnOrders(ref ThriftReader reader, ThriftType type)
    {
        var count = reader.List(type, ThriftType.Struct);
        for (var i = 0; i < count; i++) reader.Skip(ThriftType.Struct);
        return count;
    }
}
