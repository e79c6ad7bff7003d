using System.Buffers.Binary;
using System.Text;

namespace Olist.Formats.Avro;

/// <summary>A growing buffer of Avro binary.</summary>
sealed class AvroBuffer
{
    byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void WriteLong(long value)
    {
        Length += AvroVarint.Write(Room(AvroVarint.MaxBytes), value);
    }

    public void WriteBoolean(bool value)
    {
        Room(1)[0] = value ? (byte)1 : (byte)0;
        Length++;
    }

    public void WriteFloat(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(Room(4), value);
        Length += 4;
    }

    public void WriteDouble(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(Room(8), value);
        Length += 8;
    }

    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteLong(value.Length);
        WriteRaw(value);
    }

    public void WriteString(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        WriteLong(length);
        Length += Encoding.UTF8.GetBytes(value, Room(length));
    }

    public void WriteRaw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length));
        Length += value.Length;
    }

    Span<byte> Room(int bytes)
    {
        var needed = checked(Length + bytes);
        if (needed > _bytes.Length) Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _bytes.Length)));
        return _bytes.AsSpan(Length);
    }
}
