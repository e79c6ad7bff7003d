using System.Text.Json;

namespace Olist.FunctionsHost.DurableTask.Converters;

/// <summary>JSON through System.Text.Json.</summary>
public class JsonDataConverter(JsonSerializerOptions? options = null) : DataConverter
{
    static readonly JsonSerializerOptions DefaultOptions = new() { IncludeFields = true };

    readonly JsonSerializerOptions _options = options ?? DefaultOptions;

    public static JsonDataConverter Default { get; } = new();

    public override string? Serialize(object? value) => value is null ? null : JsonSerializer.Serialize(value, value.GetType(), _options);

    public override object? Deserialize(string? data, Type targetType) => data is null ? null : JsonSerializer.Deserialize(data, targetType, _options);

    internal byte[] SerializeToUtf8(object value) => JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), _options);

    internal object? DeserializeUtf8(ReadOnlySpan<byte> data, Type targetType) => JsonSerializer.Deserialize(data, targetType, _options);
}
