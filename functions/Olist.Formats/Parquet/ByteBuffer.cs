using System.Buffers;
using System.Buffers.Binary;

namespace Olist.Formats.Parquet;

/// <summary>Bytes that grow, in an array borrowed from the shared pool until <see cref="Dispose"/>. Not safe for several threads.</summary>
sealed class ByteBuffer : IDisposable
{
    byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>What was written from <paramref name="offset"/> on, to be changed in place.</summary>
    public Span<byte> From(int offset) => _bytes.AsSpan(offset, Length - offset);

    /// <summary>At least <paramref name="count"/> bytes after the end; <see cref="Advance"/> makes them part of the buffer.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count) Grow(count);
        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    public void WriteByte(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    public void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Reserve(4), value);
        Length += 4;
    }

    /// <summary>Unsigned LEB128, as Thrift and the hybrid runs have it.</summary>
    public void WriteVarint(ulong value)
    {
        var span = Reserve(10);
        var used = 0;
        while (value >= 0x80)
        {
            span[used++] = (byte)(value | 0x80);
            value >>= 7;
        }
        span[used++] = (byte)value;
        Length += used;
    }

    /// <summary>Sets four bytes that were written before.</summary>
    public void PatchInt32(int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(offset, 4), value);

    /// <summary>Forgets what lies beyond <paramref name="length"/>; the array stays for what comes next.</summary>
    public void Truncate(int length = 0) => Length = length;

    public void Dispose()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }

    void Grow(int count)
    {
        var needed = (long)Length + count;
        if (needed > Array.MaxLength) throw new InvalidOperationException($"A part of the Parquet file needs {needed} bytes; at most {Array.MaxLength} fit. Use smaller row groups.");
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(needed, Math.Max(256, 2L * _bytes.Length))));
        Span.CopyTo(larger);
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
