using System.Text.Json;

namespace Olist.Formats.Avro;

/// <summary>A parsed Avro schema (.avsc). One sealed subclass per kind; immutable, safe to share between threads.</summary>
public abstract class AvroSchema
{
    // Asked for with every file that is written.
    string? _json;

    private protected AvroSchema(AvroKind kind, IReadOnlyDictionary<string, JsonElement>? attributes)
    {
        Kind = kind;
        Attributes = attributes ?? EmptyAttributes;
    }

    internal static readonly IReadOnlyDictionary<string, JsonElement> EmptyAttributes = new Dictionary<string, JsonElement>();

    public AvroKind Kind { get; }

    /// <summary>Attributes that Avro itself gives no meaning (<c>element-id</c>, <c>adjust-to-utc</c>, ...) or only an optional one (<c>logicalType</c>, <c>doc</c>), as written.</summary>
    public IReadOnlyDictionary<string, JsonElement> Attributes { get; }

    /// <summary>The text of the <c>logicalType</c> attribute, if any; an unknown one has no effect.</summary>
    public string? LogicalType =>
        Attributes.TryGetValue("logicalType", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <exception cref="FormatViolationException">Not JSON or not a schema; the message has the JSON path of the mistake.</exception>
    public static AvroSchema Parse(string json) => AvroSchemaParser.Parse(json);

    /// <summary>The schema as JSON with all attributes; primitives without attributes are bare strings.</summary>
    public string ToJson() => _json ??= AvroSchemaWriter.Write(this, AvroSchemaForm.Full);

    /// <summary>Avro's "parsing canonical form": equal for schemas that read the same bytes. It knows no logical types, defaults or attributes.</summary>
    public string ToCanonicalForm() => AvroSchemaWriter.Write(this, AvroSchemaForm.Canonical);

    /// <summary>The canonical form plus logical types and defaults: equal for schemas that give the same values, whatever their docs and layout.</summary>
    public string ToIdentityForm() => AvroSchemaWriter.Write(this, AvroSchemaForm.Identity);

    /// <summary>CRC-64-AVRO (Rabin) of the canonical form.</summary>
    public ulong Fingerprint() => AvroFingerprint.Of(ToCanonicalForm());

    public override string ToString() => ToJson();
}
