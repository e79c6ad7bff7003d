using System.Collections;

namespace Olist.Formats.Avro;

/// <summary>Writes objects (see <see cref="AvroValueReader"/>; records also as object?[]) as values of a schema.</summary>
static class AvroValueWriter
{
    /// <exception cref="ArgumentException">The value does not fit the schema; the message names the field.</exception>
    public static void Write(AvroBuffer buffer, AvroSchema schema, object? value, string path)
    {
        switch (schema)
        {
            case AvroUnionSchema union:
                var branch = FindBranch(union, value, path);
                buffer.WriteLong(branch);
                Write(buffer, union.Branches[branch], value, path);
                break;
            case AvroRecordSchema record:
                WriteRecord(buffer, record, value, path);
                break;
            case AvroArraySchema array:
                if (!Fits(schema, value)) throw Misfit(schema, Describe(value), path);
                WriteArray(buffer, array.Items, (IEnumerable)value!, path);
                break;
            case AvroMapSchema map:
                WriteMap(buffer, map.Values, As<IEnumerable<KeyValuePair<string, object?>>>(schema, value, path), path);
                break;
            case AvroFixedSchema { SizeBytes: var size }:
                var bytes = As<byte[]>(schema, value, path);
                if (bytes.Length != size) throw Misfit(schema, $"{bytes.Length} bytes", path);
                buffer.WriteRaw(bytes);
                break;
            case AvroEnumSchema symbols:
                buffer.WriteLong(IndexOf(symbols, As<string>(schema, value, path), path));
                break;
            default:
                WritePrimitive(buffer, schema, value, path);
                break;
        }
    }

    static void WritePrimitive(AvroBuffer buffer, AvroSchema schema, object? value, string path)
    {
        switch ((schema.Kind, value))
        {
            case (AvroKind.Null, null): break;
            case (AvroKind.Boolean, bool flag): buffer.WriteBoolean(flag); break;
            case (AvroKind.Int or AvroKind.Long, int number): buffer.WriteLong(number); break;
            case (AvroKind.Long, long number): buffer.WriteLong(number); break;
            case (AvroKind.Float, float number): buffer.WriteFloat(number); break;
            case (AvroKind.Double, double number): buffer.WriteDouble(number); break;
            case (AvroKind.Double, float number): buffer.WriteDouble(number); break;
            case (AvroKind.Bytes, byte[] bytes): buffer.WriteBytes(bytes); break;
            case (AvroKind.Bytes, ReadOnlyMemory<byte> bytes): buffer.WriteBytes(bytes.Span); break;
            case (AvroKind.String, string text): buffer.WriteString(text); break;
            default: throw Misfit(schema, Describe(value), path);
        }
    }

    static void WriteRecord(AvroBuffer buffer, AvroRecordSchema schema, object? value, string path)
    {
        var values = value switch
        {
            AvroRecord record => record.Values,
            IReadOnlyList<object?> list => list,
            _ => throw Misfit(schema, Describe(value), path),
        };
        if (values.Count != schema.Fields.Count) throw Misfit(schema, $"{values.Count} values for {schema.Fields.Count} fields", path);
        for (var i = 0; i < values.Count; i++) Write(buffer, schema.Fields[i].Schema, values[i], $"{path}.{schema.Fields[i].Name}");
    }

    static void WriteArray(AvroBuffer buffer, AvroSchema items, IEnumerable values, string path)
    {
        var list = values as ICollection ?? values.Cast<object?>().ToArray();
        if (list.Count > 0)
        {
            buffer.WriteLong(list.Count);
            foreach (var item in list) Write(buffer, items, item, path);
        }
        buffer.WriteLong(0);
    }

    static void WriteMap(AvroBuffer buffer, AvroSchema values, IEnumerable<KeyValuePair<string, object?>> entries, string path)
    {
        var list = entries.ToArray();
        if (list.Length > 0)
        {
            buffer.WriteLong(list.Length);
            foreach (var (key, value) in list)
            {
                buffer.WriteString(key);
                Write(buffer, values, value, path);
            }
        }
        buffer.WriteLong(0);
    }

    static int FindBranch(AvroUnionSchema union, object? value, string path)
    {
        for (var i = 0; i < union.Branches.Count; i++)
            if (Fits(union.Branches[i], value)) return i;
        throw Misfit(union, Describe(value), path);
    }

    static bool Fits(AvroSchema schema, object? value) => schema.Kind switch
    {
        AvroKind.Null => value is null,
        AvroKind.Boolean => value is bool,
        AvroKind.Int => value is int,
        AvroKind.Long => value is int or long,
        AvroKind.Float => value is float,
        AvroKind.Double => value is double or float,
        AvroKind.Bytes => value is byte[] or ReadOnlyMemory<byte>,
        AvroKind.Fixed => value is byte[] bytes && bytes.Length == ((AvroFixedSchema)schema).SizeBytes,
        AvroKind.String => value is string,
        AvroKind.Enum => value is string symbol && ((AvroEnumSchema)schema).Symbols.Contains(symbol, StringComparer.Ordinal),
        AvroKind.Record => value is AvroRecord record ? record.Schema.FullName == ((AvroRecordSchema)schema).FullName : value is object?[],
        AvroKind.Map => value is IEnumerable<KeyValuePair<string, object?>>,
        _ => value is IEnumerable and not (string or byte[]),
    };

    static int IndexOf(AvroEnumSchema schema, string symbol, string path)
    {
        for (var i = 0; i < schema.Symbols.Count; i++)
            if (schema.Symbols[i] == symbol) return i;
        throw Misfit(schema, $"'{symbol}'", path);
    }

    static T As<T>(AvroSchema schema, object? value, string path) where T : class =>
        value as T ?? throw Misfit(schema, Describe(value), path);

    static string Describe(object? value) => value is null ? "null" : value.GetType().Name;

    static ArgumentException Misfit(AvroSchema schema, string found, string path) =>
        new($"{path}: found {found}, expected a value of {schema.ToJson()}.");
}
