namespace Olist.Formats.Columns;

/// <summary>Builds a <see cref="ValueColumn{T}"/>.</summary>
public sealed class ValueBuilder<T>(DataType type, int capacity = 64) : ColumnBuilder(type) where T : unmanaged
{
    T[] _values = new T[Math.Max(capacity, 4)];

    public void Append(T value)
    {
        if (Count == _values.Length) Array.Resize(ref _values, _values.Length * 2);
        _values[Count++] = value;
    }

    public override void AppendNull()
    {
        Append(default);
        MarkNull(Count - 1, _values.Length);
    }

    public override void AppendRange(Column source, int start, int count)
    {
        Reserve(count);
        ((ValueColumn<T>)source).Values.AsSpan(start, count).CopyTo(_values.AsSpan(Count));
        MarkNulls(source, start, count, _values.Length);
        Count += count;
    }

    void Reserve(int more)
    {
        if (Count + more > _values.Length) Array.Resize(ref _values, Math.Max(Count + more, _values.Length * 2));
    }

    public override Column Build() => new ValueColumn<T>(Type, _values, Count, TakeValidity(_values.Length));
}
