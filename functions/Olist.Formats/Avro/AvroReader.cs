using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace Olist.Formats.Avro;

/// <summary>Reads Avro binary from a span, refusing whatever a correct writer would not have written.</summary>
ref struct AvroReader(ReadOnlySpan<byte> data, string source)
{
    readonly ReadOnlySpan<byte> _data = data;

    /// <summary>What errors call the bytes.</summary>
    public string Source { get; } = source;

    /// <summary>What errors call the value being read; set by callers before each field.</summary>
    public string? Field { get; set; }

    public int Position { get; private set; }

    public readonly int Remaining => _data.Length - Position;

    public int ReadInt()
    {
        var value = ReadLong();
        if (value != (int)value) Fail($"{value} is beyond the range of an int");
        return (int)value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadLong()
    {
        var position = Position;
        if ((uint)position < (uint)_data.Length)
        {
            ulong first = _data[position];
            if (first < 0x80)
            {
                Position = position + 1;
                return (long)(first >> 1) ^ -(long)(first & 1);
            }
        }
        return ReadLongSlowly();
    }

    long ReadLongSlowly()
    {
        var data = _data[Position..];
        ulong raw = 0;
        for (var i = 0; i < data.Length; i++)
        {
            ulong part = data[i];
            if (i == 9 && part > 1) Fail("a varint of more than 64 bits");
            raw |= (part & 0x7F) << (7 * i);
            if (part >= 0x80) continue;
            Position += i + 1;
            return (long)(raw >> 1) ^ -(long)(raw & 1);
        }
        Fail("the bytes end inside a varint");
        return 0;
    }

    public bool ReadBoolean()
    {
        var value = Take(1)[0];
        if (value > 1) Fail($"a boolean is 0 or 1, found {value}", 1);
        return value == 1;
    }

    public float ReadFloat() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    /// <summary>Length and bytes.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        var length = ReadLong();
        if ((ulong)length > (ulong)Remaining) FailLength(length);
        return Take((int)length);
    }

    /// <summary>Length and UTF-8.</summary>
    public ReadOnlySpan<byte> ReadString()
    {
        var text = ReadBytes();
        if (!Utf8.IsValid(text)) Fail("text is not UTF-8", text.Length);
        return text;
    }

    /// <summary>Which branch of a union follows.</summary>
    public int ReadBranch(int branches)
    {
        var branch = ReadLong();
        if ((ulong)branch >= (ulong)branches) Fail($"branch {branch} of a union of {branches}");
        return (int)branch;
    }

    /// <summary>Items of the next block of an array or map; 0 at its end.</summary>
    public long ReadBlockCount()
    {
        var count = ReadLong();
        if (count >= 0) return count;
        if (count == long.MinValue) Fail("a block of 2^63 items");
        var bytes = ReadLong();
        if ((ulong)bytes > (ulong)Remaining) FailLength(bytes);
        return -count;
    }

    /// <summary>The next bytes as they are.</summary>
    public ReadOnlySpan<byte> Take(int bytes)
    {
        if ((uint)bytes > (uint)Remaining) Fail($"{bytes} bytes expected, {Remaining} left");
        var taken = _data.Slice(Position, bytes);
        Position += bytes;
        return taken;
    }

    /// <exception cref="FormatViolationException">Something follows the last value.</exception>
    public readonly void ExpectEnd()
    {
        if (Remaining > 0) Fail($"{Remaining} bytes follow the last field");
    }

    [DoesNotReturn, StackTraceHidden]
    readonly void FailLength(long length) =>
        Fail(length < 0 ? $"a negative length, {length}" : $"a length of {length}, but {Remaining} bytes are left");

    /// <param name="what">What was found.</param>
    /// <param name="back">How many bytes before the position the mistake begins.</param>
    [DoesNotReturn, StackTraceHidden]
    public readonly void Fail(string what, int back = 0) => throw new FormatViolationException(
        Field is null ? $"{Source}, byte {Position - back}: {what}." : $"{Source}, field {Field}, byte {Position - back}: {what}.");
}
