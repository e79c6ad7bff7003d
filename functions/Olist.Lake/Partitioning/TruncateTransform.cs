using System.Numerics;
using Olist.Formats.Columns;
using Olist.Lake.Schemas;

namespace Olist.Lake;

/// <summary>Numbers down to a multiple of the width (decimals on their unscaled value), text to that many code points, binary to that many bytes.</summary>
public sealed class TruncateTransform : Transform
{
    internal TruncateTransform(int width) => Width = width;

    public int Width { get; }

    public override DataType ResultType(DataType source) =>
        source.Kind is TypeKind.Int or TypeKind.Long or TypeKind.Decimal or TypeKind.String or TypeKind.Binary ? source : throw Misfit(source);

    public override Column Apply(Column source)
    {
        ResultType(source.Type);
        return source switch
        {
            ValueColumn<int> ints => new ValueColumn<int>(source.Type, Array.ConvertAll(ints.Values, Floor), source.Count, source.Validity),
            ValueColumn<long> longs => new ValueColumn<long>(source.Type, Array.ConvertAll(longs.Values, Floor), source.Count, source.Validity),
            _ => PerEntry((BytesColumn)source, source.Type, CutAll),
        };
    }

    int Floor(int value) => unchecked(value - (int)((value % (long)Width + Width) % Width));

    long Floor(long value) => unchecked(value - (value % Width + Width) % Width);

    Column CutAll(BytesColumn source)
    {
        var builder = new BytesBuilder(source.Type, source.Count);
        for (var row = 0; row < source.Count; row++)
        {
            if (source.IsNull(row)) builder.AppendNull();
            else if (source.Type.Kind == TypeKind.Decimal) builder.Append(FloorDecimal(source[row]));
            else builder.Append(BoundTruncation.Lower(source.Type, source[row].ToArray(), Width));
        }
        return builder.Build();
    }

    byte[] FloorDecimal(ReadOnlySpan<byte> bytes)
    {
        var value = new BigInteger(bytes, isUnsigned: false, isBigEndian: true);
        return SingleValue.Decimal(value - ((value % Width) + Width) % Width);
    }

    public override string ToString() => $"truncate[{Width}]";
}
