using System.Text;

namespace Olist.Formats.Avro;

/// <summary>Reads values of any schema as objects: null, bool, int, long, float, double, string (also enums), byte[] (also fixed), List, Dictionary, AvroRecord.</summary>
sealed class AvroValueReader(long budget)
{
    const int MaxDepth = 64;

    /// <summary>Values that may still be read. Some schemas need no bytes at all, so a count of items in a damaged file is no bound by itself.</summary>
    long _budget = budget;

    /// <summary>Enough for any real content of so many bytes.</summary>
    public static long BudgetFor(long bytes) => 1_000_000 + (32 * bytes);

    public AvroRecord ReadRecord(ref AvroReader reader, AvroRecordSchema schema) => (AvroRecord)Read(ref reader, schema, 0)!;

    public object? Read(ref AvroReader reader, AvroSchema schema) => Read(ref reader, schema, 0);

    object? Read(ref AvroReader reader, AvroSchema schema, int depth)
    {
        if (--_budget < 0) reader.Fail("more values than its bytes can hold");
        if (depth > MaxDepth) reader.Fail($"values nested more than {MaxDepth} deep");
        switch (schema)
        {
            case AvroUnionSchema union:
                return Read(ref reader, union.Branches[reader.ReadBranch(union.Branches.Count)], depth + 1);
            case AvroRecordSchema record:
                return ReadFields(ref reader, record, depth + 1);
            case AvroArraySchema array:
                return ReadArray(ref reader, array.Items, depth + 1);
            case AvroMapSchema map:
                return ReadMap(ref reader, map.Values, depth + 1);
            case AvroFixedSchema bytes:
                return reader.Take(bytes.SizeBytes).ToArray();
            case AvroEnumSchema symbols:
                var index = reader.ReadInt();
                if ((uint)index >= (uint)symbols.Symbols.Count) reader.Fail($"symbol {index} of an enum of {symbols.Symbols.Count}");
                return symbols.Symbols[index];
            default:
                return ReadPrimitive(ref reader, schema.Kind);
        }
    }

    static object? ReadPrimitive(ref AvroReader reader, AvroKind kind) => kind switch
    {
        AvroKind.Null => null,
        AvroKind.Boolean => reader.ReadBoolean(),
        AvroKind.Int => reader.ReadInt(),
        AvroKind.Long => reader.ReadLong(),
        AvroKind.Float => reader.ReadFloat(),
        AvroKind.Double => reader.ReadDouble(),
        AvroKind.Bytes => reader.ReadBytes().ToArray(),
        _ => Encoding.UTF8.GetString(reader.ReadString()),
    };

    AvroRecord ReadFields(ref AvroReader reader, AvroRecordSchema schema, int depth)
    {
        var values = new object?[schema.Fields.Count];
        for (var i = 0; i < values.Length; i++)
        {
            reader.Field = schema.Fields[i].Name;
            values[i] = Read(ref reader, schema.Fields[i].Schema, depth);
        }
        return new AvroRecord(schema, values);
    }

    List<object?> ReadArray(ref AvroReader reader, AvroSchema items, int depth)
    {
        var list = new List<object?>();
        for (var count = reader.ReadBlockCount(); count > 0; count = reader.ReadBlockCount())
        {
            list.EnsureCapacity((int)Math.Min(list.Count + count, list.Count + (long)reader.Remaining));
            for (; count > 0; count--) list.Add(Read(ref reader, items, depth));
        }
        return list;
    }

    Dictionary<string, object?> ReadMap(ref AvroReader reader, AvroSchema values, int depth)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var count = reader.ReadBlockCount(); count > 0; count = reader.ReadBlockCount())
            for (; count > 0; count--)
            {
                var key = Encoding.UTF8.GetString(reader.ReadString());
                map[key] = Read(ref reader, values, depth);
            }
        return map;
    }
}
