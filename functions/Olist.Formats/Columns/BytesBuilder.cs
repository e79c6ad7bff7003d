using System.Text;

namespace Olist.Formats.Columns;

/// <summary>Builds a plain <see cref="BytesColumn"/>.</summary>
public sealed class BytesBuilder(DataType type, int capacity = 64, int dataCapacityBytes = 256) : ColumnBuilder(type)
{
    int[] _offsets = new int[Math.Max(capacity, 4) + 1];
    byte[] _data = new byte[Math.Max(dataCapacityBytes, 16)];

    public void Append(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Extend(value.Length));
        Seal(value.Length);
    }

    public void Append(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Encoding.UTF8.GetBytes(text, Extend(length));
        Seal(length);
    }

    public override void AppendNull()
    {
        Extend(0);
        Seal(0);
        MarkNull(Count - 1, _offsets.Length);
    }

    /// <summary>Room for one value, which <see cref="Seal"/> then makes a row of.</summary>
    Span<byte> Extend(int bytes)
    {
        if (Count + 1 == _offsets.Length) Array.Resize(ref _offsets, _offsets.Length * 2);
        var start = _offsets[Count];
        var needed = checked(start + bytes);
        if (needed > _data.Length) Array.Resize(ref _data, Grown(needed));
        return _data.AsSpan(start, bytes);
    }

    /// <summary>Room for all rows that were announced, if they are like those so far: doubling alone copies again and again, and leaves half of it empty.</summary>
    int Grown(int needed)
    {
        const long MostForeseen = 1 << 20;
        var foreseen = Count < 7 ? 0 : Math.Min(MostForeseen, (long)needed * _offsets.Length / (Count + 1) * 17 / 16);
        return (int)Math.Min(Array.MaxLength, Math.Max(needed, foreseen > needed ? foreseen : 2L * _data.Length));
    }

    void Seal(int bytes)
    {
        _offsets[Count + 1] = _offsets[Count] + bytes;
        Count++;
    }

    public override void AppendRange(Column source, int start, int count)
    {
        var bytes = (BytesColumn)source;
        if (bytes.Codes is not null)
        {
            for (var row = start; row < start + count; row++)
                if (bytes.IsNull(row)) AppendNull();
                else Append(bytes[row]);
            return;
        }
        var from = bytes.Offsets[start];
        var length = bytes.Offsets[start + count] - from;
        if (Count + count >= _offsets.Length) Array.Resize(ref _offsets, Math.Max(Count + count + 1, _offsets.Length * 2));
        bytes.Data.AsSpan(from, length).CopyTo(Extend(length));
        var shift = _offsets[Count] - from;
        for (var i = 1; i <= count; i++) _offsets[Count + i] = bytes.Offsets[start + i] + shift;
        MarkNulls(source, start, count, _offsets.Length);
        Count += count;
    }

    public override Column Build() => new BytesColumn(Type, _offsets, _data, Count, TakeValidity(_offsets.Length));
}
