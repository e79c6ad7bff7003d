using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Olist.Formats.Columns;

namespace Olist.Formats.Avro;

/// <summary>Writes the values of one column as those of one field.</summary>
abstract class AvroFieldEncoder(AvroFieldShape shape, int maxValueBytes)
{
    protected AvroFieldShape Shape { get; } = shape;

    /// <summary>Bytes of the branch and of any value, what <see cref="CountData"/> tells apart.</summary>
    public int MaxBytes { get; } = 1 + maxValueBytes;

    public virtual bool HasData => false;

    /// <summary>Bytes that this row needs beyond <see cref="MaxBytes"/>.</summary>
    public virtual int CountData(Column column, int row) => 0;

    readonly byte _nullBranch = (byte)(2 * shape.NullBranch);
    readonly byte _valueBranch = (byte)(2 * shape.ValueBranch);
    readonly bool _isUnion = shape.Branches > 0;
    readonly bool _isNullable = !shape.Required;

    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> destination, Column column, int row)
    {
        if (column.IsNull(row))
        {
            if (!_isNullable) FailNull(row);
            destination[0] = _nullBranch;
            return _isUnion ? 1 : 0;
        }
        if (!_isUnion) return WriteValue(destination, column, row);
        destination[0] = _valueBranch;
        return 1 + WriteValue(destination[1..], column, row);
    }

    protected abstract int WriteValue(Span<byte> destination, Column column, int row);

    [DoesNotReturn, StackTraceHidden]
    void FailNull(int row) => throw new FormatViolationException($"Field {Shape.Name}, row {row}: null, but the schema does not allow it.");

    [DoesNotReturn, StackTraceHidden]
    protected void FailValue(string value, int row) => throw new FormatViolationException($"Field {Shape.Name}, row {row}: {value} does not fit {Shape.Type}.");

    public static AvroFieldEncoder Create(AvroFieldShape shape) => (shape.Value.Kind, shape.Type.Kind) switch
    {
        (AvroKind.Null, _) => new NullEncoder(shape),
        (AvroKind.Boolean, _) => new BooleanEncoder(shape),
        (AvroKind.Int, TypeKind.Time) => new LongEncoder(shape),
        (AvroKind.Int, _) => new IntEncoder(shape),
        (AvroKind.Long, _) => new LongEncoder(shape),
        (AvroKind.Float, _) => new FloatEncoder(shape),
        (AvroKind.Double, _) => new DoubleEncoder(shape),
        (_, TypeKind.Decimal) when shape.Type.Storage == StorageKind.Long => new LongDecimalEncoder(shape),
        (_, TypeKind.Decimal) => new WideDecimalEncoder(shape),
        (AvroKind.Fixed, _) => new FixedEncoder(shape),
        _ => new BytesEncoder(shape),
    };

    sealed class NullEncoder(AvroFieldShape shape) : AvroFieldEncoder(shape, 0)
    {
        protected override int WriteValue(Span<byte> destination, Column column, int row)
        {
            FailValue("a value", row);
            return 0;
        }
    }

    sealed class BooleanEncoder(AvroFieldShape shape) : AvroFieldEncoder(shape, 1)
    {
        protected override int WriteValue(Span<byte> destination, Column column, int row)
        {
            destination[0] = ((ValueColumn<byte>)column).Values[row];
            return 1;
        }
    }

    sealed class IntEncoder(AvroFieldShape shape) : AvroFieldEncoder(shape, AvroVarint.MaxBytes)
    {
        protected override int WriteValue(Span<byte> destination, Column column, int row) =>
            AvroVarint.Write(destination, ((ValueColumn<int>)column).Values[row]);
    }

    /// <summary>Microseconds of a column that the schema wants in milliseconds are rounded down.</summary>
    sealed class LongEncoder(AvroFieldShape shape) : AvroFieldEncoder(shape, AvroVarint.MaxBytes)
    {
        readonly bool _isMillis = shape.MicrosPerUnit == 1000;

        protected override int WriteValue(Span<byte> destination, Column column, int row)
        {
            var value = ((ValueColumn<long>)column).Values[row];
            if (_isMillis)
            {
                var millis = value / 1000;
                value = millis * 1000 > value ? millis - 1 : millis;
                if (Shape.Value.Kind == AvroKind.Int && value != (int)value) FailValue($"{value} ms", row);
            }
            return AvroVarint.Write(destination, value);
        }
    }

    sealed class FloatEncoder(AvroFieldShape shape) : AvroFieldEncoder(shape, 4)
    {
        protected override int WriteValue(Span<byte> destination, Column column, int row)
        {
            BinaryPrimitives.WriteSingleLittleEndian(destination, ((ValueColumn<float>)column).Values[row]);
            return 4;
        }
    }

    sealed class DoubleEncoder(AvroFieldShape shape) : AvroFieldEncoder(shape, 8)
    {
        protected override int WriteValue(Span<byte> destination, Column column, int row)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(destination, ((ValueColumn<double>)column).Values[row]);
            return 8;
        }
    }

    sealed class BytesEncoder(AvroFieldShape shape) : AvroFieldEncoder(shape, AvroVarint.MaxBytes)
    {
        public override bool HasData => true;

        public override int CountData(Column column, int row) => ((BytesColumn)column)[row].Length;

        protected override int WriteValue(Span<byte> destination, Column column, int row)
        {
            var bytes = ((BytesColumn)column)[row];
            var head = AvroVarint.Write(destination, bytes.Length);
            bytes.CopyTo(destination[head..]);
            return head + bytes.Length;
        }
    }

    sealed class FixedEncoder(AvroFieldShape shape) : AvroFieldEncoder(shape, FixedBytes(shape))
    {
        readonly int _sizeBytes = FixedBytes(shape);

        protected override int WriteValue(Span<byte> destination, Column column, int row)
        {
            var bytes = ((BytesColumn)column)[row];
            if (bytes.Length != _sizeBytes) FailValue($"a value of {bytes.Length} bytes", row);
            bytes.CopyTo(destination);
            return _sizeBytes;
        }
    }

    sealed class LongDecimalEncoder(AvroFieldShape shape) : AvroFieldEncoder(shape, Math.Max(16, FixedBytes(shape)))
    {
        readonly long _limit = AvroDecimal.LimitOf(shape.Type);
        readonly int _fixedBytes = FixedBytes(shape);

        protected override int WriteValue(Span<byte> destination, Column column, int row)
        {
            var value = ((ValueColumn<long>)column).Values[row];
            if (value >= _limit || value <= -_limit) FailValue($"unscaled {value}", row);
            var bytes = AvroDecimal.CountBytes(value);
            if (_fixedBytes > 0) return WriteFixed(destination[.._fixedBytes], value, bytes, row);
            destination[0] = (byte)(2 * bytes);
            AvroDecimal.Write(destination[1..], value, bytes);
            return 1 + bytes;
        }

        int WriteFixed(Span<byte> destination, long value, int bytes, int row)
        {
            if (bytes > destination.Length) FailValue($"unscaled {value}", row);
            for (var i = destination.Length - 1; i >= 0; i--, value >>= 8) destination[i] = (byte)value;
            return destination.Length;
        }
    }

    sealed class WideDecimalEncoder(AvroFieldShape shape) : AvroFieldEncoder(shape, AvroVarint.MaxBytes + FixedBytes(shape))
    {
        readonly int _fixedBytes = FixedBytes(shape);

        public override bool HasData => true;

        public override int CountData(Column column, int row) => ((BytesColumn)column)[row].Length;

        protected override int WriteValue(Span<byte> destination, Column column, int row)
        {
            var bytes = AvroDecimal.Trim(((BytesColumn)column)[row]);
            if (!AvroDecimal.Fits(bytes, Shape.Type.Precision)) FailValue($"unscaled {Convert.ToHexString(bytes)} (hex)", row);
            if (_fixedBytes == 0)
            {
                var head = AvroVarint.Write(destination, bytes.Length);
                bytes.CopyTo(destination[head..]);
                return head + bytes.Length;
            }
            if (bytes.Length > _fixedBytes) FailValue($"unscaled {Convert.ToHexString(bytes)} (hex)", row);
            destination[..(_fixedBytes - bytes.Length)].Fill((byte)((sbyte)bytes[0] >> 7));
            bytes.CopyTo(destination[(_fixedBytes - bytes.Length)..]);
            return _fixedBytes;
        }
    }

    static int FixedBytes(AvroFieldShape shape) => shape.Value is AvroFixedSchema { SizeBytes: var size } ? size : 0;
}
