namespace Olist.Formats.Columns;

/// <summary>Collects values row by row; <see cref="Build"/> hands its arrays over, so a builder is used once.</summary>
public abstract class ColumnBuilder(DataType type)
{
    byte[]? _validity;

    public DataType Type { get; } = type;

    public int Count { get; private protected set; }

    public static ColumnBuilder Create(DataType type, int capacity = 64) => type.Storage switch
    {
        StorageKind.Boolean => new ValueBuilder<byte>(type, capacity),
        StorageKind.Int => new ValueBuilder<int>(type, capacity),
        StorageKind.Long => new ValueBuilder<long>(type, capacity),
        StorageKind.Float => new ValueBuilder<float>(type, capacity),
        StorageKind.Double => new ValueBuilder<double>(type, capacity),
        StorageKind.Struct => new StructBuilder(type, capacity),
        StorageKind.List or StorageKind.Map => new RepeatedBuilder(type, capacity),
        _ => new BytesBuilder(type, capacity),
    };

    public abstract void AppendNull();

    /// <summary>Appends rows <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> - 1 of a column of the same storage.</summary>
    public abstract void AppendRange(Column source, int start, int count);

    /// <summary>Takes rows back, so that a row that failed half way leaves nothing behind.</summary>
    public virtual void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        // The validity is only as long as the last null needed.
        if (_validity is not null && count < _validity.Length) _validity.AsSpan(count, Math.Min(Count, _validity.Length) - count).Fill(1);
        Count = count;
    }

    public abstract Column Build();

    private protected void MarkNull(int row, int capacity)
    {
        if (_validity is null)
        {
            _validity = new byte[capacity];
            _validity.AsSpan().Fill(1);
        }
        else if (row >= _validity.Length)
        {
            var old = _validity.Length;
            Array.Resize(ref _validity, Math.Max(capacity, row + 1));
            _validity.AsSpan(old).Fill(1);
        }
        _validity[row] = 0;
    }

    private protected void MarkNulls(Column source, int start, int count, int capacity)
    {
        if (source.Validity is not { } validity) return;
        for (var i = 0; i < count; i++)
            if (validity[start + i] == 0) MarkNull(Count + i, capacity);
    }

    private protected byte[]? TakeValidity(int capacity)
    {
        if (_validity is null || !_validity.AsSpan(0, Math.Min(Count, _validity.Length)).Contains((byte)0)) return null;
        if (_validity.Length < Count)
        {
            var old = _validity.Length;
            Array.Resize(ref _validity, capacity);
            _validity.AsSpan(old).Fill(1);
        }
        return _validity;
    }
}
