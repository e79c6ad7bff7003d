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
}
