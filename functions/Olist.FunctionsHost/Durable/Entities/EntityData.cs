using System.Text;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Converters;

namespace Olist.FunctionsHost.Durable.Entities;

/// <summary>The data converter over UTF-8: JSON goes to bytes and back without a text in between. For several threads.</summary>
sealed class EntityData(DataConverter converter)
{
    /// <summary>Largest state or input of one operation, bytes.</summary>
    public const int MaxBytes = 16 << 20;

    readonly JsonDataConverter? _json = converter.GetType() == typeof(JsonDataConverter) ? (JsonDataConverter)converter : null;

    public DataConverter Converter => converter;

    /// <summary>Null for null.</summary>
    public byte[]? Serialize(object? value) =>
        value is null ? null
        : _json is not null ? _json.SerializeToUtf8(value)
        : converter.Serialize(value) is { } text ? Encoding.UTF8.GetBytes(text) : null;

    public object? Deserialize(byte[]? data, Type type) =>
        data is null ? null
        : _json is not null ? _json.DeserializeUtf8(data, type)
        : converter.Deserialize(Encoding.UTF8.GetString(data), type);

    public static string? Text(byte[]? data) => data is null ? null : Encoding.UTF8.GetString(data);

    public static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    /// <exception cref="ArgumentException">The input is too large.</exception>
    public static byte[]? CheckInput(byte[]? input, string entityId, string operation) =>
        input?.Length > MaxBytes
            ? throw new ArgumentException($"The input of operation '{operation}' of {entityId} has {input.Length} bytes; at most {MaxBytes} are kept. Keep large data elsewhere and pass a reference.", nameof(input))
            : input;
}
