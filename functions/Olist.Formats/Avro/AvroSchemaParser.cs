using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Olist.Formats.Avro;

/// <summary>Reads .avsc JSON. One instance per document: it knows the names defined so far.</summary>
sealed class AvroSchemaParser
{
    readonly Dictionary<string, AvroNamedSchema> _named = new(StringComparer.Ordinal);

    public static AvroSchema Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            return new AvroSchemaParser().ParseSchema(document.RootElement, null, "$");
        }
        catch (JsonException exception)
        {
            throw new FormatViolationException($"The Avro schema is not JSON: {exception.Message}", exception);
        }
    }

    AvroSchema ParseSchema(JsonElement element, string? space, string path) => element.ValueKind switch
    {
        JsonValueKind.String => ParseName(element.GetString()!, space, path),
        JsonValueKind.Array => ParseUnion(element, space, path),
        JsonValueKind.Object => ParseObject(element, space, path),
        _ => throw Fail(path, $"found {element.ValueKind}, expected a type name, an object or an array of schemas"),
    };

    AvroSchema ParseName(string name, string? space, string path)
    {
        if (AvroPrimitiveSchema.Find(name) is { } kind) return new AvroPrimitiveSchema(kind, null);
        if (!name.Contains('.', StringComparison.Ordinal) && space is not null && _named.TryGetValue($"{space}.{name}", out var near)) return near;
        if (_named.TryGetValue(name, out var far)) return far;
        throw Fail(path, $"'{name}' is neither a primitive type nor a name defined before");
    }

    AvroUnionSchema ParseUnion(JsonElement element, string? space, string path)
    {
        var branches = new List<AvroSchema>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in element.EnumerateArray())
        {
            var at = $"{path}[{branches.Count}]";
            var branch = ParseSchema(item, space, at);
            if (branch.Kind == AvroKind.Union) throw Fail(at, "a union directly inside a union");
            var identity = branch is AvroNamedSchema named ? named.FullName : AvroPrimitiveSchema.NameOf(branch.Kind);
            if (!seen.Add(identity)) throw Fail(at, $"a second branch of type {identity}");
            branches.Add(branch);
        }
        if (branches.Count == 0) throw Fail(path, "a union without branches");
        return new AvroUnionSchema(branches);
    }

    AvroSchema ParseObject(JsonElement element, string? space, string path)
    {
        if (!element.TryGetProperty("type", out var type)) throw Fail(path, "no \"type\"");
        if (type.ValueKind is JsonValueKind.Object or JsonValueKind.Array) return ParseSchema(type, space, $"{path}.type");
        if (type.ValueKind != JsonValueKind.String) throw Fail($"{path}.type", $"found {type.ValueKind}, expected a type name");
        var name = type.GetString()!;
        if (AvroPrimitiveSchema.Find(name) is { } kind) return new AvroPrimitiveSchema(kind, Attributes(element, "type"));
        switch (name)
        {
            case "record" or "error":
                return ParseRecord(element, space, path);
            case "enum":
                return ParseEnum(element, space, path);
            case "fixed":
                return ParseFixed(element, space, path);
            case "array":
                return new AvroArraySchema(ParseSchema(Member(element, "items", path), space, $"{path}.items"), Attributes(element, "type", "items"));
            case "map":
                return new AvroMapSchema(ParseSchema(Member(element, "values", path), space, $"{path}.values"), Attributes(element, "type", "values"));
            default:
                return ParseName(name, space, $"{path}.type");
        }
    }

    AvroRecordSchema ParseRecord(JsonElement element, string? space, string path)
    {
        var fullName = ParseFullName(element, space, path);
        var record = new AvroRecordSchema(fullName, Aliases(element, path), Attributes(element, "type", "name", "namespace", "aliases", "fields"));
        Define(record, path);
        var members = Member(element, "fields", path);
        if (members.ValueKind != JsonValueKind.Array) throw Fail($"{path}.fields", $"found {members.ValueKind}, expected an array");
        var fields = new List<AvroField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in members.EnumerateArray())
        {
            var at = $"{path}.fields[{fields.Count}]";
            var field = ParseField(member, record.Namespace, at);
            if (!names.Add(field.Name)) throw Fail(at, $"a second field named '{field.Name}'");
            fields.Add(field);
        }
        record.SetFields(fields);
        return record;
    }

    AvroField ParseField(JsonElement element, string? space, string path)
    {
        if (element.ValueKind != JsonValueKind.Object) throw Fail(path, $"found {element.ValueKind}, expected a field object");
        var name = Text(element, "name", path);
        if (!IsName(name)) throw Fail($"{path}.name", $"'{name}' is not a name: letters, digits and _, not starting with a digit");
        var schema = ParseSchema(Member(element, "type", path), space, $"{path}.type");
        JsonElement? standard = element.TryGetProperty("default", out var value) ? value.Clone() : null;
        if (standard is { } given) AvroDefault.Check(schema, given, $"{path}.default");
        return new AvroField(name, schema, standard, Strings(element, "aliases", path), Attributes(element, "name", "type", "default", "aliases") ?? AvroSchema.EmptyAttributes);
    }

    AvroEnumSchema ParseEnum(JsonElement element, string? space, string path)
    {
        var fullName = ParseFullName(element, space, path);
        _ = Member(element, "symbols", path);
        var symbols = Strings(element, "symbols", path);
        for (var i = 0; i < symbols.Count; i++)
        {
            if (!IsName(symbols[i])) throw Fail($"{path}.symbols[{i}]", $"'{symbols[i]}' is not a name");
            if (symbols.Take(i).Contains(symbols[i], StringComparer.Ordinal)) throw Fail($"{path}.symbols[{i}]", $"a second symbol '{symbols[i]}'");
        }
        var standard = element.TryGetProperty("default", out _) ? Text(element, "default", path) : null;
        if (standard is not null && !symbols.Contains(standard, StringComparer.Ordinal)) throw Fail($"{path}.default", $"'{standard}' is not one of the symbols");
        var schema = new AvroEnumSchema(fullName, Aliases(element, path), symbols, standard, Attributes(element, "type", "name", "namespace", "aliases", "symbols", "default"));
        Define(schema, path);
        return schema;
    }

    AvroFixedSchema ParseFixed(JsonElement element, string? space, string path)
    {
        var fullName = ParseFullName(element, space, path);
        var size = Member(element, "size", path);
        if (size.ValueKind != JsonValueKind.Number || !size.TryGetInt32(out var bytes) || bytes < 0)
            throw Fail($"{path}.size", $"found {size}, expected a count of bytes");
        var schema = new AvroFixedSchema(fullName, Aliases(element, path), bytes, Attributes(element, "type", "name", "namespace", "aliases", "size"));
        Define(schema, path);
        return schema;
    }

    void Define(AvroNamedSchema schema, string path)
    {
        if (AvroPrimitiveSchema.Find(schema.FullName) is not null) throw Fail($"{path}.name", $"'{schema.FullName}' is the name of a primitive type");
        if (!_named.TryAdd(schema.FullName, schema)) throw Fail($"{path}.name", $"'{schema.FullName}' is defined twice");
    }

    static string ParseFullName(JsonElement element, string? space, string path)
    {
        var name = Text(element, "name", path);
        if (!name.Contains('.', StringComparison.Ordinal))
        {
            if (element.TryGetProperty("namespace", out _)) space = Text(element, "namespace", path);
            if (!string.IsNullOrEmpty(space)) name = $"{space}.{name}";
        }
        if (!name.Split('.').All(IsName)) throw Fail($"{path}.name", $"'{name}' is not a name: letters, digits and _, not starting with a digit");
        return name;
    }

    static List<string> Aliases(JsonElement element, string path) => Strings(element, "aliases", path);

    static List<string> Strings(JsonElement element, string member, string path)
    {
        if (!element.TryGetProperty(member, out var array)) return [];
        if (array.ValueKind != JsonValueKind.Array) throw Fail($"{path}.{member}", $"found {array.ValueKind}, expected an array of strings");
        var strings = new List<string>();
        foreach (var item in array.EnumerateArray())
            strings.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Fail($"{path}.{member}[{strings.Count}]", $"found {item.ValueKind}, expected a string"));
        return strings;
    }

    static JsonElement Member(JsonElement element, string name, string path) =>
        element.TryGetProperty(name, out var member) ? member : throw Fail(path, $"no \"{name}\"");

    static string Text(JsonElement element, string name, string path) => Member(element, name, path) is { ValueKind: JsonValueKind.String } text
        ? text.GetString()!
        : throw Fail($"{path}.{name}", "expected a string");

    static Dictionary<string, JsonElement>? Attributes(JsonElement element, params ReadOnlySpan<string> known)
    {
        Dictionary<string, JsonElement>? attributes = null;
        foreach (var member in element.EnumerateObject())
            if (!known.Contains(member.Name)) (attributes ??= new(StringComparer.Ordinal))[member.Name] = member.Value.Clone();
        return attributes;
    }

    static bool IsName([NotNullWhen(true)] string? name) =>
        !string.IsNullOrEmpty(name) && !char.IsAsciiDigit(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    internal static FormatViolationException Fail(string path, string what) => new($"Avro schema, {path}: {what}.");
}
