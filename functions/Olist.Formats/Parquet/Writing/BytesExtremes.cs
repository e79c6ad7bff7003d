using System.Buffers.Binary;
using Olist.Formats.Columns;
using Olist.Formats.Parquet.Statistics;

namespace Olist.Formats.Parquet.Writing;

/// <summary>Smallest and largest of the byte strings added, which are copied.</summary>
struct BytesExtremes(DataType type)
{
    readonly bool _isSigned = type.Kind == TypeKind.Decimal;
    readonly DataType _type = type;
    byte[]? _min, _max;
    ulong _minPrefix, _maxPrefix;

    public void Add(ReadOnlySpan<byte> value)
    {
        if (_min is null)
        {
            _min = _max = value.ToArray();
            _minPrefix = _maxPrefix = PrefixOf(value);
            return;
        }
        // The first eight bytes decide nearly always. Signed values go the long way.
        var prefix = PrefixOf(value);
        if (!_isSigned && prefix > _minPrefix && prefix < _maxPrefix) return;
        if (PlainOrder.Compare(_type, value, _min) < 0)
        {
            _min = value.ToArray();
            _minPrefix = prefix;
        }
        else if (PlainOrder.Compare(_type, value, _max) > 0)
        {
            _max = value.ToArray();
            _maxPrefix = prefix;
        }
    }

    public readonly ValueStatistics ToStatistics() => new(0, 0, _min, _max);

    static ulong PrefixOf(ReadOnlySpan<byte> value)
    {
        if (value.Length >= 8) return BinaryPrimitives.ReadUInt64BigEndian(value);
        ulong prefix = 0;
        for (var i = 0; i < value.Length; i++) prefix |= (ulong)value[i] << (56 - 8 * i);
        return prefix;
    }
}
