using System.Text.Json;

namespace Olist.Lake.Metadata;

/// <summary>A JSON value that knows where it stands, so that every complaint names file and field.</summary>
readonly struct JsonNodeView(JsonElement element, string file, string path, string advice = JsonNodeView.DamagedFile)
{
    const string DamagedFile = "The file is damaged, or was not written as table metadata.";

    public string Where => path.Length == 0 ? file : $"{file}, {path}";

    public bool IsNull => element.ValueKind == JsonValueKind.Null;

    public bool IsString => element.ValueKind == JsonValueKind.String;

    public CorruptTableException Corrupt(string what) => new($"{Where}: {what}. {advice}");

    CorruptTableException Misfit(string expected) => Corrupt($"found {element.ValueKind}, expected {expected}");

    /// <summary>The member, or null where it is missing or a JSON null.</summary>
    public JsonNodeView? Find(string name)
    {
        if (element.ValueKind != JsonValueKind.Object) throw Misfit("an object");
        return element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? Child(value, name) : null;
    }

    public JsonNodeView Get(string name) => Find(name) ?? throw Corrupt($"field '{name}' is missing");

    public IEnumerable<JsonNodeView> Items()
    {
        if (element.ValueKind != JsonValueKind.Array) throw Misfit("a list");
        return Iterate(element, this);
        static IEnumerable<JsonNodeView> Iterate(JsonElement list, JsonNodeView view)
        {
            var index = 0;
            foreach (var item in list.EnumerateArray()) yield return view.Item(item, index++);
        }
    }

    public IEnumerable<KeyValuePair<string, JsonNodeView>> Members()
    {
        if (element.ValueKind != JsonValueKind.Object) throw Misfit("an object");
        return Iterate(element, this);
        static IEnumerable<KeyValuePair<string, JsonNodeView>> Iterate(JsonElement map, JsonNodeView view)
        {
            foreach (var member in map.EnumerateObject()) yield return new(member.Name, view.Child(member.Value, member.Name));
        }
    }

    JsonNodeView Child(JsonElement value, string name) => new(value, file, path.Length == 0 ? name : $"{path}.{name}", advice);
    JsonNodeView Item(JsonElement value, int index) => new(value, file, $"{path}[{index}]", advice);

    public string AsString() => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Misfit("text"); // a string is never null
    public bool AsBool() => element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : throw Misfit("true or false");
    public int AsInt() => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) ? number : throw Misfit("a 32-bit number");
    public long AsLong() => element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) ? number : throw Misfit("a 64-bit number");
    public string AsRaw() => element.GetRawText();
}
