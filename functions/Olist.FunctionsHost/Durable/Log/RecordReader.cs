using System.Buffers.Binary;
using System.Collections.ObjectModel;
using System.Text;

namespace Olist.FunctionsHost.Durable.Log;

/// <summary>Reads what <see cref="RecordWriter"/> wrote.</summary>
ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte Byte()
    {
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public long Number()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) break;
        }
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public int Count() => checked((int)Number());

    public DateTime Time()
    {
        var ticks = BinaryPrimitives.ReadInt64LittleEndian(_rest);
        _rest = _rest[sizeof(long)..];
        return new DateTime(ticks, DateTimeKind.Utc);
    }

    public string? Text()
    {
        var length = Count();
        if (length < 0) return null;
        var value = Encoding.UTF8.GetString(_rest[..length]);
        _rest = _rest[length..];
        return value;
    }

    public byte[]? Bytes()
    {
        var length = Count();
        if (length < 0) return null;
        var value = _rest[..length].ToArray();
        _rest = _rest[length..];
        return value;
    }

    public string Name() => Text() ?? "";

    public IReadOnlyDictionary<string, string> Texts()
    {
        var count = Count();
        if (count == 0) return ReadOnlyDictionary<string, string>.Empty;
        var values = new Dictionary<string, string>(count);
        for (var i = 0; i < count; i++) values[Name()] = Name();
        return values;
    }
}
