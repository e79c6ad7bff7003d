using System.Text.Json;

namespace Olist.Pipeline.Steps.Lineage;

/// <summary>Lets a JSON writer be called in the shape of what it writes.</summary>
static class FluentJson
{
    /// <summary>An object: a member of the object that is open, or without a name an element of the array.</summary>
    public static Utf8JsonWriter Begin(this Utf8JsonWriter json, string? name = null)
    {
        if (name is not null) json.WritePropertyName(name);
        json.WriteStartObject();
        return json;
    }

    public static Utf8JsonWriter End(this Utf8JsonWriter json)
    {
        json.WriteEndObject();
        return json;
    }

    public static Utf8JsonWriter Text(this Utf8JsonWriter json, string name, string? value)
    {
        json.WriteString(name, value);
        return json;
    }

    public static Utf8JsonWriter Number(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
        return json;
    }

    public static Utf8JsonWriter Array<T>(this Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items) write(json, item);
        json.WriteEndArray();
        return json;
    }

    public static Utf8JsonWriter Texts(this Utf8JsonWriter json, string name, IEnumerable<string> items) => json.Array(name, items, (list, item) => list.WriteStringValue(item));
}
