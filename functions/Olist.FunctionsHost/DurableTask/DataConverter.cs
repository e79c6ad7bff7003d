namespace Olist.FunctionsHost.DurableTask;

/// <summary>Turns inputs, outputs and states into text and back. For several threads.</summary>
public abstract class DataConverter
{
    /// <summary>Null for null.</summary>
    public abstract string? Serialize(object? value);
    public abstract object? Deserialize(string? data, Type targetType);

    public virtual T? Deserialize<T>(string? data) => (T?)(Deserialize(data, typeof(T)) ?? default(T));
}
