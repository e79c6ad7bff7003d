using Olist.FunctionsHost.DurableTask.Converters;

namespace Olist.FunctionsHost.DurableTask.Client;

/// <summary>Data as stored, with what is needed to read it.</summary>
public sealed class SerializedData(string data, DataConverter? converter = null)
{
    public string Value { get; } = data;
    public DataConverter Converter { get; } = converter ?? JsonDataConverter.Default;

    /// <exception cref="InvalidOperationException">The data is null.</exception>
    public T ReadAs<T>() => Converter.Deserialize<T>(Value) ?? throw new InvalidOperationException("The stored data is null.");
}
