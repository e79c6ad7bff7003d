using System.Text;

namespace Olist.Formats.Parquet.Thrift;

/// <summary>Reads the Thrift compact protocol from bytes that nobody vouches for.</summary>
/// <remarks>No length is believed before that many bytes were seen to be there, so damage can't ask for memory or go on for ever.</remarks>
ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    const int MaxDepth = 32;
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    /// <summary>Moves on to the next field of a struct; false at its end. Start with id 0 for every struct.</summary>
    public bool NextField(ref short id, out ThriftType type)
    {
        var header = Byte();
        type = (ThriftType)(header & 0x0F);
        if (header == 0) return false;
        if (type is ThriftType.Stop or > ThriftType.Struct) throw Bad($"field type {header & 0x0F}");
        var delta = header >> 4;
        if (delta != 0)
        {
            var next = id + delta;
            if (next > short.MaxValue) throw Bad($"field id {next}");
            id = (short)next;
            return true;
        }
        var explicitId = Zigzag();
        if (explicitId is < 0 or > short.MaxValue) throw Bad($"field id {explicitId}");
        id = (short)explicitId;
        return true;
    }

    public readonly bool Boolean(ThriftType type) => type switch
    {
        ThriftType.True => true,
        ThriftType.False => false,
        _ => throw Bad($"{type} where a boolean belongs"),
    };

    public bool BooleanElement() => Byte() == (byte)ThriftType.True;

    public sbyte SByte(ThriftType type)
    {
        // hyparquet-writer says 32 bits where the format says 8.
        if (type == ThriftType.Int32) return Int32Element() is >= sbyte.MinValue and <= sbyte.MaxValue and var number ? (sbyte)number : throw Bad("a number where 8 bits belong");
        Expect(type, ThriftType.Byte);
        return (sbyte)Byte();
    }

    public short Int16(ThriftType type)
    {
        Expect(type, ThriftType.Int16);
        var value = Zigzag();
        return value is >= short.MinValue and <= short.MaxValue ? (short)value : throw Bad($"16-bit number {value}");
    }

    public int Int32(ThriftType type)
    {
        Expect(type, ThriftType.Int32);
        return Int32Element();
    }

    public int Int32Element()
    {
        var value = Zigzag();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Bad($"32-bit number {value}");
    }

    public long Int64(ThriftType type)
    {
        Expect(type, ThriftType.Int64);
        return Zigzag();
    }

    public long Int64Element() => Zigzag();

    public byte[] Binary(ThriftType type) => BinarySpan(type).ToArray();

    public string Text(ThriftType type)
    {
        Expect(type, ThriftType.Binary);
        return TextElement();
    }

    public string TextElement()
    {
        var at = Position;
        try
        {
            return StrictUtf8.GetString(BinaryElement());
        }
        catch (DecoderFallbackException)
        {
            throw new FormatViolationException($"metadata byte {at}: text that is not UTF-8");
        }
    }

    public ReadOnlySpan<byte> BinarySpan(ThriftType type)
    {
        Expect(type, ThriftType.Binary);
        return BinaryElement();
    }

    public ReadOnlySpan<byte> BinaryElement()
    {
        var length = Varint();
        if (length > (ulong)(_bytes.Length - Position)) throw Bad($"{length} bytes of text or data where {_bytes.Length - Position} are left");
        var value = _bytes.Slice(Position, (int)length);
        Position += (int)length;
        return value;
    }

    /// <summary>Opens a list field whose elements are of one type; every element takes at least a byte.</summary>
    public int List(ThriftType type, ThriftType element)
    {
        Expect(type, ThriftType.List);
        var count = ListHeader(out var found);
        var booleans = element is ThriftType.True or ThriftType.False && found is ThriftType.True or ThriftType.False;
        if (found != element && !booleans && count > 0) throw Bad($"a list of {found} where {element} belongs");
        return count;
    }

    public void Skip(ThriftType type) => Skip(type, 0);

    void Skip(ThriftType type, int depth)
    {
        if (depth > MaxDepth) throw Bad($"more than {MaxDepth} structs inside of each other");
        switch (type)
        {
            case ThriftType.True or ThriftType.False: break;
            case ThriftType.Byte: Byte(); break;
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64: Varint(); break;
            case ThriftType.Double: SkipBytes(8); break;
            case ThriftType.Binary: BinaryElement(); break;
            case ThriftType.List or ThriftType.Set:
                var count = ListHeader(out var element);
                for (var i = 0; i < count; i++) SkipElement(element, depth);
                break;
            case ThriftType.Map: SkipMap(depth); break;
            case ThriftType.Struct:
                short id = 0;
                while (NextField(ref id, out var field)) Skip(field, depth + 1);
                break;
            default: throw Bad($"type {(int)type}");
        }
    }

    void SkipElement(ThriftType element, int depth)
    {
        if (element is ThriftType.True or ThriftType.False) Byte();
        else Skip(element, depth + 1);
    }

    void SkipMap(int depth)
    {
        var count = Varint();
        if (count == 0) return;
        if (count > (ulong)(_bytes.Length - Position)) throw Bad($"a map of {count} entries");
        var types = Byte();
        for (ulong i = 0; i < count; i++)
        {
            SkipElement((ThriftType)(types >> 4), depth);
            SkipElement((ThriftType)(types & 0x0F), depth);
        }
    }

    int ListHeader(out ThriftType element)
    {
        var header = Byte();
        element = (ThriftType)(header & 0x0F);
        var count = header >> 4 == 15 ? Varint() : (ulong)(header >> 4);
        if (count > (ulong)(_bytes.Length - Position)) throw Bad($"a list of {count} elements where {_bytes.Length - Position} bytes are left");
        if (count > 0 && element is ThriftType.Stop or > ThriftType.Struct) throw Bad($"element type {(int)element}");
        return (int)count;
    }

    void SkipBytes(int count)
    {
        if (count > _bytes.Length - Position) throw Bad("its end in the middle of a value");
        Position += count;
    }

    byte Byte() => Position < _bytes.Length ? _bytes[Position++] : throw Bad("its end in the middle of a value");

    long Zigzag()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw Bad("a number of more than 64 bits");
    }

    readonly void Expect(ThriftType found, ThriftType expected)
    {
        if (found != expected) throw Bad($"{found} where {expected} belongs");
    }

    readonly FormatViolationException Bad(string what) => new($"metadata byte {Position}: {what}");
}
