using System.Buffers.Binary;

namespace Olist.Streaming.SchemaRegistry;

/// <summary>The Confluent frame of a value: a zero byte, the schema id as 4 big-endian bytes, the Avro body.</summary>
public static class WireFormat
{
    public const int HeaderBytes = 5;

    const byte Magic = 0;

    public static void WriteHeader(Span<byte> destination, int schemaId)
    {
        destination[0] = Magic;
        BinaryPrimitives.WriteInt32BigEndian(destination[1..], schemaId);
    }

    /// <returns>False when the value has no such frame.</returns>
    public static bool TryReadHeader(ReadOnlySpan<byte> value, out int schemaId)
    {
        schemaId = 0;
        if (value.Length < HeaderBytes || value[0] != Magic) return false;
        schemaId = BinaryPrimitives.ReadInt32BigEndian(value[1..]);
        return true;
    }
}
