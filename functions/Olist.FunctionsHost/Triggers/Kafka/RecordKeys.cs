using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Triggers.Kafka;

/// <summary>What becomes of a record's key before the function sees it; only <see cref="KafkaMessageKeyType.Binary"/> leaves it alone.</summary>
static class RecordKeys
{
    /// <summary>False when the key is not of the declared type: such a record is logged and passed over.</summary>
    public static bool TryRead(KafkaMessageKeyType type, ReadOnlyMemory<byte> key, out byte[]? bytes)
    {
        bytes = null;
        if (key.IsEmpty) return true;
        switch (type)
        {
            case KafkaMessageKeyType.Int:
                if (key.Length != sizeof(int)) return false;
                bytes = Decimal(BinaryPrimitives.ReadInt32BigEndian(key.Span));
                return true;
            case KafkaMessageKeyType.Long:
                if (key.Length != sizeof(long)) return false;
                bytes = Decimal(BinaryPrimitives.ReadInt64BigEndian(key.Span));
                return true;
            case KafkaMessageKeyType.String when !Utf8.IsValid(key.Span):
                bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(key.Span));
                return true;
            default:
                bytes = key.ToArray();
                return true;
        }
    }

    static byte[] Decimal(long value) => Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture));
}
