using System.Text.Json;

namespace Olist.Formats.Avro;

/// <summary>null, boolean, int, long, float, double, bytes or string, perhaps with a logical type.</summary>
public sealed class AvroPrimitiveSchema : AvroSchema
{
    internal AvroPrimitiveSchema(AvroKind kind, IReadOnlyDictionary<string, JsonElement>? attributes) : base(kind, attributes) { }

    internal static string NameOf(AvroKind kind) => kind switch
    {
        AvroKind.Null => "null",
        AvroKind.Boolean => "boolean",
        AvroKind.Int => "int",
        AvroKind.Long => "long",
        AvroKind.Float => "float",
        AvroKind.Double => "double",
        AvroKind.Bytes => "bytes",
        AvroKind.String => "string",
        AvroKind.Record => "record",
        AvroKind.Enum => "enum",
        AvroKind.Fixed => "fixed",
        AvroKind.Array => "array",
        AvroKind.Map => "map",
        _ => "union",
    };

    internal static AvroKind? Find(string name) => name switch
    {
        "null" => AvroKind.Null,
        "boolean" => AvroKind.Boolean,
        "int" => AvroKind.Int,
        "long" => AvroKind.Long,
        "float" => AvroKind.Float,
        "double" => AvroKind.Double,
        "bytes" => AvroKind.Bytes,
        "string" => AvroKind.String,
        _ => null,
    };
}
