using System.Text.Json;
using Olist.Formats.Columns;

namespace Olist.Formats.Avro;

/// <summary>How the values of a flat field lie in bytes, and in which column.</summary>
/// <param name="Value">The schema beside null.</param>
/// <param name="Branches">Branches of the field's union, 0 when it is none.</param>
/// <param name="NullBranch">The branch that is null, or -1.</param>
/// <param name="Type">The type of the column.</param>
/// <param name="MicrosPerUnit">1000 for times in milliseconds, 1 for those in microseconds, 0 for everything else.</param>
readonly record struct AvroFieldShape(string Name, AvroSchema Value, int Branches, int NullBranch, DataType Type, int MicrosPerUnit)
{
    public int ValueBranch => NullBranch == 0 ? 1 : 0;

    public bool Required => NullBranch < 0 && Value.Kind != AvroKind.Null;

    /// <exception cref="FormatViolationException">The field is not flat.</exception>
    public static AvroFieldShape Of(AvroField field)
    {
        if (field.Schema is not AvroUnionSchema union) return Make(field, field.Schema, 0, -1);
        var nullBranch = union.NullBranch;
        if (union.Branches.Count > 2 || (union.Branches.Count == 2 && nullBranch < 0)) throw NotFlat(field, "only unions of null and one other type fit a column");
        return Make(field, union.Branches.Count == 1 ? union.Branches[0] : union.Branches[1 - nullBranch], union.Branches.Count, nullBranch);
    }

    static AvroFieldShape Make(AvroField field, AvroSchema value, int branches, int nullBranch)
    {
        var logical = value.LogicalType;
        var (type, micros) = (value.Kind, logical) switch
        {
            (AvroKind.Null, _) => (DataType.String, 0),
            (AvroKind.Boolean, _) => (DataType.Boolean, 0),
            (AvroKind.Int, "date") => (DataType.Date, 0),
            (AvroKind.Int, "time-millis") => (DataType.Time, 1000),
            (AvroKind.Int, _) => (DataType.Int, 0),
            (AvroKind.Long, "time-micros") => (DataType.Time, 1),
            (AvroKind.Long, "timestamp-millis") => (DataType.TimestampTz, 1000),
            (AvroKind.Long, "timestamp-micros") => (IsZoned(value) ? DataType.TimestampTz : DataType.Timestamp, 1),
            (AvroKind.Long, "local-timestamp-millis") => (DataType.Timestamp, 1000),
            (AvroKind.Long, "local-timestamp-micros") => (DataType.Timestamp, 1),
            (AvroKind.Long, _) => (DataType.Long, 0),
            (AvroKind.Float, _) => (DataType.Float, 0),
            (AvroKind.Double, _) => (DataType.Double, 0),
            (AvroKind.String, _) => (DataType.String, 0),
            (AvroKind.Bytes or AvroKind.Fixed, "decimal") => (MakeDecimal(field, value), 0),
            (AvroKind.Bytes, _) => (DataType.Binary, 0),
            (AvroKind.Fixed, "uuid") when ((AvroFixedSchema)value).SizeBytes == 16 => (DataType.Uuid, 0),
            (AvroKind.Fixed, _) => (DataType.Fixed(((AvroFixedSchema)value).SizeBytes), 0),
            _ => throw NotFlat(field, $"{AvroPrimitiveSchema.NameOf(value.Kind)} fits no column"),
        };
        return new AvroFieldShape(field.Name, value, branches, nullBranch, type, micros);
    }

    /// <summary>Iceberg says with this attribute whether a timestamp has a zone.</summary>
    static bool IsZoned(AvroSchema value) => !value.Attributes.TryGetValue("adjust-to-utc", out var zoned) || zoned.ValueKind != JsonValueKind.False;

    static DataType MakeDecimal(AvroField field, AvroSchema value)
    {
        var scale = 0;
        if (!value.Attributes.TryGetValue("precision", out var digits) || !TryGetCount(digits, out var precision) || precision is < 1 or > 38)
            throw NotFlat(field, "a decimal needs a precision of 1 to 38");
        if (value.Attributes.TryGetValue("scale", out var places) && (!TryGetCount(places, out scale) || scale < 0 || scale > precision))
            throw NotFlat(field, $"a decimal of precision {precision} needs a scale of 0 to {precision}");
        return DataType.Decimal(precision, scale);
    }

    static bool TryGetCount(JsonElement element, out int count)
    {
        count = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out count);
    }

    static FormatViolationException NotFlat(AvroField field, string why) =>
        new($"Avro field {field.Name}: {why}; its schema is {field.Schema.ToJson()}.");
}
