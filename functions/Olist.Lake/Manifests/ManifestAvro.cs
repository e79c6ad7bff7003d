using System.Globalization;
using System.Text;
using Olist.Formats.Avro;
using Olist.Formats.Columns;

namespace Olist.Lake.Manifests;

/// <summary>The Avro schemas of manifest lists and manifests, with the names and ids that other engines look for.</summary>
static class ManifestAvro
{
    public static AvroSchema ManifestList { get; } = AvroSchema.Parse(Record("manifest_file",
        Field("manifest_path", 500, "\"string\""), Field("manifest_length", 501, "\"long\""), Field("partition_spec_id", 502, "\"int\""), Field("content", 517, "\"int\""),
        Field("sequence_number", 515, "\"long\""), Field("min_sequence_number", 516, "\"long\""), Field("added_snapshot_id", 503, "\"long\""),
        Field("added_files_count", 504, "\"int\""), Field("existing_files_count", 505, "\"int\""), Field("deleted_files_count", 506, "\"int\""),
        Field("added_rows_count", 512, "\"long\""), Field("existing_rows_count", 513, "\"long\""), Field("deleted_rows_count", 514, "\"long\""),
        Optional("partitions", 507, List(508, Record("r508", Field("contains_null", 509, "\"boolean\""), Optional("contains_nan", 518, "\"boolean\""),
            Optional("lower_bound", 510, "\"bytes\""), Optional("upper_bound", 511, "\"bytes\"")))),
        Optional("key_metadata", 519, "\"bytes\"")));

    /// <summary>By the schema of the partition: made once for all tables that are partitioned alike, as a commit writes two or three manifests, most of them of one entry.</summary>
    static readonly AvroSchemaCache<AvroSchema> Manifests = new(Manifest);

    /// <summary>The schema of a manifest of one spec; partition fields have the types of their values.</summary>
    public static AvroSchema Manifest(PartitionSpec spec, DataType[] partitionTypes) => Manifests.Get(
        Record("r102", spec.Fields.Select((field, i) => Optional(SafeName(field.Name), field.FieldId, TypeOf(partitionTypes[i], field.FieldId), field.Name)).ToArray()));

    static AvroSchema Manifest(string partition)
    {
        var file = Record("r2",
            Field("content", 134, "\"int\""), Field("file_path", 100, "\"string\""), Field("file_format", 101, "\"string\""), Field("partition", 102, partition),
            Field("record_count", 103, "\"long\""), Field("file_size_in_bytes", 104, "\"long\""),
            Optional("column_sizes", 108, Map(117, 118, "\"long\"")), Optional("value_counts", 109, Map(119, 120, "\"long\"")),
            Optional("null_value_counts", 110, Map(121, 122, "\"long\"")), Optional("nan_value_counts", 137, Map(138, 139, "\"long\"")),
            Optional("lower_bounds", 125, Map(126, 127, "\"bytes\"")), Optional("upper_bounds", 128, Map(129, 130, "\"bytes\"")),
            Optional("key_metadata", 131, "\"bytes\""), Optional("split_offsets", 132, List(133, "\"long\"")), Optional("equality_ids", 135, List(136, "\"int\"")),
            Optional("sort_order_id", 140, "\"int\""), Optional("referenced_data_file", 143, "\"string\""));
        return AvroSchema.Parse(Record("manifest_entry", Field("status", 0, "\"int\""), Optional("snapshot_id", 1, "\"long\""),
            Optional("sequence_number", 3, "\"long\""), Optional("file_sequence_number", 4, "\"long\""), Field("data_file", 2, file)));
    }

    static string Record(string name, params string[] fields) => $$"""{"type":"record","name":"{{name}}","fields":[{{string.Join(',', fields)}}]}""";

    static string Field(string name, int id, string type) => $$"""{"name":"{{name}}","type":{{type}},"field-id":{{id}}}""";

    static string Optional(string name, int id, string type, string? originalName = null)
    {
        var original = originalName is null || originalName == name ? "" : $",\"iceberg-field-name\":{System.Text.Json.JsonSerializer.Serialize(originalName)}";
        return $$"""{"name":"{{name}}","type":["null",{{type}}],"default":null,"field-id":{{id}}{{original}}}""";
    }

    static string List(int elementId, string items) => $$"""{"type":"array","items":{{items}},"element-id":{{elementId}}}""";

    static string Map(int keyId, int valueId, string value) =>
        $$"""{"type":"array","logicalType":"map","items":{{Record($"k{keyId}_v{valueId}", Field("key", keyId, "\"int\""), Field("value", valueId, value))}}}""";

    static string TypeOf(DataType type, int fieldId) => type.Kind switch
    {
        TypeKind.Boolean => "\"boolean\"",
        TypeKind.Int => "\"int\"",
        TypeKind.Long => "\"long\"",
        TypeKind.Float => "\"float\"",
        TypeKind.Double => "\"double\"",
        TypeKind.Date => """{"type":"int","logicalType":"date"}""",
        TypeKind.Time => """{"type":"long","logicalType":"time-micros"}""",
        TypeKind.Timestamp => """{"type":"long","logicalType":"timestamp-micros","adjust-to-utc":false}""",
        TypeKind.TimestampTz => """{"type":"long","logicalType":"timestamp-micros","adjust-to-utc":true}""",
        TypeKind.String => "\"string\"",
        TypeKind.Uuid => $$"""{"type":"fixed","name":"uuid_fixed_{{fieldId}}","size":16,"logicalType":"uuid"}""",
        TypeKind.Fixed => $$"""{"type":"fixed","name":"fixed_{{type.Length}}_{{fieldId}}","size":{{type.Length}}}""",
        TypeKind.Decimal => $$"""{"type":"fixed","name":"decimal_{{type.Precision}}_{{type.Scale}}_{{fieldId}}","size":{{DecimalBytes(type.Precision)}},"logicalType":"decimal","precision":{{type.Precision}},"scale":{{type.Scale}}}""",
        _ => "\"bytes\"",
    };

    /// <summary>Bytes that hold any decimal of that many digits.</summary>
    public static int DecimalBytes(int precision) => (int)Math.Ceiling((precision * Math.Log2(10) + 1) / 8);

    /// <summary>Avro allows letters, digits and <c>_</c>; others become <c>_x</c> and their code, as in the reference implementation.</summary>
    static string SafeName(string name)
    {
        var safe = new StringBuilder(name.Length + 4);
        if (char.IsAsciiDigit(name[0])) safe.Append('_');
        foreach (var character in name)
        {
            if (char.IsAsciiLetterOrDigit(character) || character == '_') safe.Append(character);
            else safe.Append(CultureInfo.InvariantCulture, $"_x{(int)character:X}");
        }
        return safe.ToString();
    }
}
