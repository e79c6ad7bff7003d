using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Olist.FunctionsHost.Durable.Log;

/// <summary>Writes the fields of durable records: variable-length numbers, UTF-8 texts with null, ticks. One per thread at a time; reused.</summary>
sealed class RecordWriter
{
    readonly ArrayBufferWriter<byte> _buffer = new(1024);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Clear() => _buffer.ResetWrittenCount();

    public void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void Number(long value)
    {
        var zigzag = (ulong)((value << 1) ^ (value >> 63));
        var span = _buffer.GetSpan(10);
        var used = 0;
        while (zigzag >= 0x80)
        {
            span[used++] = (byte)(zigzag | 0x80);
            zigzag >>= 7;
        }
        span[used++] = (byte)zigzag;
        _buffer.Advance(used);
    }

    /// <summary>UTC ticks.</summary>
    public void Time(DateTime value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(sizeof(long)), value.Ticks);
        _buffer.Advance(sizeof(long));
    }

    public void Text(string? value)
    {
        if (value is null)
        {
            Number(-1);
            return;
        }
        var bytes = Encoding.UTF8.GetByteCount(value);
        Number(bytes);
        Encoding.UTF8.GetBytes(value, _buffer.GetSpan(bytes));
        _buffer.Advance(bytes);
    }

    /// <summary>Bytes as they are, or null.</summary>
    public void Bytes(byte[]? value)
    {
        if (value is null)
        {
            Number(-1);
            return;
        }
        Number(value.Length);
        value.CopyTo(_buffer.GetSpan(value.Length));
        _buffer.Advance(value.Length);
    }

    public void Texts(IReadOnlyDictionary<string, string> values)
    {
        Number(values.Count);
        foreach (var (key, value) in values)
        {
            Text(key);
            Text(value);
        }
    }
}
