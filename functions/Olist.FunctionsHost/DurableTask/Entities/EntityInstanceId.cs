using System.Text.Json;
using System.Text.Json.Serialization;

namespace Olist.FunctionsHost.DurableTask.Entities;

/// <summary>Name (lower case) and key (case kept) of an entity; as text and in JSON <c>@name@key</c>.</summary>
[JsonConverter(typeof(TextConverter))]
public readonly record struct EntityInstanceId
{
    readonly string? _name;
    readonly string? _key;

    public EntityInstanceId(string name, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(key);
        if (name.Contains('@', StringComparison.Ordinal)) throw new ArgumentException($"The entity name '{name}' must not contain '@'.", nameof(name));
#pragma warning disable CA1308 // Lower case is how entity names are stored.
        _name = name.ToLowerInvariant();
#pragma warning restore CA1308
        _key = key;
    }

    public string Name => _name ?? "";
    public string Key => _key ?? "";

    /// <exception cref="ArgumentException">The text is not <c>@name@key</c>.</exception>
    public static EntityInstanceId FromString(string instanceId)
    {
        ArgumentNullException.ThrowIfNull(instanceId);
        var end = instanceId.Length > 1 && instanceId[0] == '@' ? instanceId.IndexOf('@', 1) : -1;
        if (end <= 1) throw new ArgumentException($"'{instanceId}' is not an entity id; it must look like @name@key.", nameof(instanceId));
        return new EntityInstanceId(instanceId[1..end], instanceId[(end + 1)..]);
    }

    public override string ToString() => $"@{Name}@{Key}";

    sealed class TextConverter : JsonConverter<EntityInstanceId>
    {
        public override EntityInstanceId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return FromString(reader.GetString() ?? "");
            }
            catch (ArgumentException error)
            {
                throw new JsonException(error.Message, error);
            }
        }

        public override void Write(Utf8JsonWriter writer, EntityInstanceId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
