using System.Text;

namespace Olist.Formats.Parquet.Thrift;

/// <summary>Writes the Thrift compact protocol. Fields of a struct come in the order of their ids.</summary>
/// <remarks>A <see langword="null"/> value leaves the field out.</remarks>
sealed class ThriftWriter(ByteBuffer output)
{
    readonly short[] _outerIds = new short[16];
    int _depth;
    short _lastId;

    /// <summary>Starts a struct that is no field: the root, or an element of a list.</summary>
    public void BeginStruct()
    {
        _outerIds[_depth++] = _lastId;
        _lastId = 0;
    }

    public void BeginStruct(short id)
    {
        Header(id, ThriftType.Struct);
        BeginStruct();
    }

    public void EndStruct()
    {
        output.WriteByte(0);
        _lastId = _outerIds[--_depth];
    }

    /// <summary>A union that is one empty struct, such as a logical type without parameters.</summary>
    public void EmptyUnion(short id, short member)
    {
        BeginStruct(id);
        EmptyStruct(member);
        EndStruct();
    }

    public void EmptyStruct(short id)
    {
        BeginStruct(id);
        EndStruct();
    }

    public void Boolean(short id, bool? value)
    {
        if (value is { } flag) Header(id, flag ? ThriftType.True : ThriftType.False);
    }

    public void Byte(short id, sbyte value)
    {
        Header(id, ThriftType.Byte);
        output.WriteByte((byte)value);
    }

    public void Int16(short id, short? value)
    {
        if (value is { } number) Number(id, ThriftType.Int16, number);
    }

    public void Int32(short id, int? value)
    {
        if (value is { } number) Number(id, ThriftType.Int32, number);
    }

    public void Int64(short id, long? value)
    {
        if (value is { } number) Number(id, ThriftType.Int64, number);
    }

    public void Binary(short id, byte[]? value)
    {
        if (value is null) return;
        Header(id, ThriftType.Binary);
        BinaryElement(value);
    }

    public void Text(short id, string? value)
    {
        if (value is not null) Binary(id, Encoding.UTF8.GetBytes(value));
    }

    public void List(short id, ThriftType element, int count)
    {
        Header(id, ThriftType.List);
        if (count < 15)
        {
            output.WriteByte((byte)((count << 4) | (int)element));
            return;
        }
        output.WriteByte((byte)(0xF0 | (int)element));
        output.WriteVarint((uint)count);
    }

    public void BinaryElement(ReadOnlySpan<byte> value)
    {
        output.WriteVarint((uint)value.Length);
        output.Write(value);
    }

    public void TextElement(string value) => BinaryElement(Encoding.UTF8.GetBytes(value));

    public void BooleanElement(bool value) => output.WriteByte((byte)(value ? ThriftType.True : ThriftType.False));

    public void NumberElement(long value) => output.WriteVarint((ulong)((value << 1) ^ (value >> 63)));

    void Number(short id, ThriftType type, long value)
    {
        Header(id, type);
        NumberElement(value);
    }

    void Header(short id, ThriftType type)
    {
        var delta = id - _lastId;
        if (delta is > 0 and <= 15) output.WriteByte((byte)((delta << 4) | (int)type));
        else
        {
            output.WriteByte((byte)type);
            NumberElement(id);
        }
        _lastId = id;
    }
}
