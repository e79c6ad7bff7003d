using System.Buffers;
using System.Text.Json;
using Olist.Lake.Metadata;

namespace Olist.Lake.Rest;

/// <summary>Answers as JSON. Success is 200 or 204, never 201: the Java client takes that for an error.</summary>
static class RestAnswers
{
    public static CatalogResponse NoContent { get; } = new(204);

    public static CatalogResponse Json(Action<Utf8JsonWriter> write, int status = 200, string? etag = null)
    {
        var buffer = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(buffer, JsonText.Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return new CatalogResponse(status, buffer.WrittenMemory, etag);
    }

    public static CatalogResponse Error(int code, string type, string message) => Json(json =>
    {
        json.WriteStartObject("error");
        json.WriteString("message", message);
        json.WriteString("type", type);
        json.WriteNumber("code", code);
        json.WriteEndObject();
    }, code);

    /// <param name="location">Of the metadata file; null for a table that is only staged.</param>
    /// <param name="metadata">The document as it lies there, so that 64-bit numbers and unknown members pass untouched.</param>
    /// <param name="config">Null: not part of this answer.</param>
    public static CatalogResponse Table(string? location, ReadOnlyMemory<byte> metadata, IReadOnlyDictionary<string, string>? config, string? etag) => Json(json =>
    {
        if (location is not null) json.WriteString("metadata-location", location);
        json.WritePropertyName("metadata");
        json.WriteRawValue(metadata.Span);
        if (config is not null) Map(json, "config", config);
    }, etag: etag);

    public static void Map(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, string>> map)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in map) json.WriteString(key, value);
        json.WriteEndObject();
    }

    public static void List(Utf8JsonWriter json, string name, IEnumerable<string> items)
    {
        json.WriteStartArray(name);
        foreach (var item in items) json.WriteStringValue(item);
        json.WriteEndArray();
    }

    public static void Namespace(Utf8JsonWriter json, string space)
    {
        json.WriteStartArray("namespace");
        json.WriteStringValue(space);
        json.WriteEndArray();
    }
}
