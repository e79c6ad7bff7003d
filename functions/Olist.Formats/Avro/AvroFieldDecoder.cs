using Olist.Formats.Columns;

namespace Olist.Formats.Avro;

/// <summary>Reads the values of one field of the writer into one column of the reader.</summary>
abstract class AvroFieldDecoder(AvroFieldShape writer, AvroFieldShape reader)
{
    protected AvroFieldShape Writer { get; } = writer;

    protected AvroFieldShape Reader { get; } = reader;

    public string Name { get; } = writer.Name;

    readonly int _branches = writer.Branches;
    readonly int _nullBranch = writer.NullBranch;
    readonly bool _refusesNull = reader.Required;

    public void Read(ref AvroReader reader, ColumnBuilder column)
    {
        if (_branches > 0 && reader.ReadBranch(_branches) == _nullBranch)
        {
            if (_refusesNull) reader.Fail("null, but the reader's schema does not allow it", 1);
            column.AppendNull();
            return;
        }
        ReadValue(ref reader, column);
    }

    protected abstract void ReadValue(ref AvroReader reader, ColumnBuilder column);

    /// <param name="writer">How the bytes are.</param>
    /// <param name="reader">What the column wants; see <see cref="AvroCompatibility"/> for what may differ.</param>
    public static AvroFieldDecoder Create(AvroFieldShape writer, AvroFieldShape reader) => (writer.Value.Kind, reader.Value.Kind) switch
    {
        (AvroKind.Null, _) => new NullDecoder(writer, reader),
        (AvroKind.Boolean, _) => new BooleanDecoder(writer, reader),
        (AvroKind.Int, AvroKind.Int) when reader.Type.Storage == StorageKind.Int => new IntDecoder(writer, reader),
        (AvroKind.Int or AvroKind.Long, AvroKind.Int or AvroKind.Long) => new LongDecoder(writer, reader),
        (_, AvroKind.Float) => new FloatDecoder(writer, reader),
        (_, AvroKind.Double) => new DoubleDecoder(writer, reader),
        _ when reader.Type.Kind == TypeKind.Decimal && reader.Type.Storage == StorageKind.Long => new LongDecimalDecoder(writer, reader),
        _ when reader.Type.Kind == TypeKind.Decimal => new WideDecimalDecoder(writer, reader),
        (AvroKind.Fixed, _) => new FixedDecoder(writer, reader),
        (_, AvroKind.String) => new StringDecoder(writer, reader),
        _ => new BytesDecoder(writer, reader),
    };

    sealed class NullDecoder(AvroFieldShape writer, AvroFieldShape reader) : AvroFieldDecoder(writer, reader)
    {
        protected override void ReadValue(ref AvroReader reader, ColumnBuilder column) => column.AppendNull();
    }

    sealed class BooleanDecoder(AvroFieldShape writer, AvroFieldShape reader) : AvroFieldDecoder(writer, reader)
    {
        protected override void ReadValue(ref AvroReader reader, ColumnBuilder column) =>
            ((ValueBuilder<byte>)column).Append(reader.ReadBoolean() ? (byte)1 : (byte)0);
    }

    sealed class IntDecoder(AvroFieldShape writer, AvroFieldShape reader) : AvroFieldDecoder(writer, reader)
    {
        protected override void ReadValue(ref AvroReader reader, ColumnBuilder column) => ((ValueBuilder<int>)column).Append(reader.ReadInt());
    }

    /// <summary>Times become microseconds, whatever unit the writer had.</summary>
    sealed class LongDecoder(AvroFieldShape writer, AvroFieldShape reader) : AvroFieldDecoder(writer, reader)
    {
        readonly bool _isInt = writer.Value.Kind == AvroKind.Int;
        readonly bool _isMillis = reader.MicrosPerUnit > 0 && Math.Max(writer.MicrosPerUnit, writer.MicrosPerUnit == 0 ? reader.MicrosPerUnit : 0) == 1000;

        protected override void ReadValue(ref AvroReader reader, ColumnBuilder column)
        {
            var value = _isInt ? reader.ReadInt() : reader.ReadLong();
            if (_isMillis)
            {
                if (value is > long.MaxValue / 1000 or < long.MinValue / 1000) reader.Fail($"{value} ms is beyond the range of microseconds");
                value *= 1000;
            }
            ((ValueBuilder<long>)column).Append(value);
        }
    }

    sealed class FloatDecoder(AvroFieldShape writer, AvroFieldShape reader) : AvroFieldDecoder(writer, reader)
    {
        protected override void ReadValue(ref AvroReader reader, ColumnBuilder column) => ((ValueBuilder<float>)column).Append(Writer.Value.Kind switch
        {
            AvroKind.Int => reader.ReadInt(),
            AvroKind.Long => reader.ReadLong(),
            _ => reader.ReadFloat(),
        });
    }

    sealed class DoubleDecoder(AvroFieldShape writer, AvroFieldShape reader) : AvroFieldDecoder(writer, reader)
    {
        readonly AvroKind _kind = writer.Value.Kind;

        protected override void ReadValue(ref AvroReader reader, ColumnBuilder column) => ((ValueBuilder<double>)column).Append(_kind switch
        {
            AvroKind.Double => reader.ReadDouble(),
            AvroKind.Int => reader.ReadInt(),
            AvroKind.Long => reader.ReadLong(),
            _ => reader.ReadFloat(),
        });
    }

    sealed class StringDecoder(AvroFieldShape writer, AvroFieldShape reader) : AvroFieldDecoder(writer, reader)
    {
        protected override void ReadValue(ref AvroReader reader, ColumnBuilder column) => ((BytesBuilder)column).Append(reader.ReadString());
    }

    sealed class BytesDecoder(AvroFieldShape writer, AvroFieldShape reader) : AvroFieldDecoder(writer, reader)
    {
        protected override void ReadValue(ref AvroReader reader, ColumnBuilder column) => ((BytesBuilder)column).Append(reader.ReadBytes());
    }

    sealed class FixedDecoder(AvroFieldShape writer, AvroFieldShape reader) : AvroFieldDecoder(writer, reader)
    {
        readonly int _sizeBytes = ((AvroFixedSchema)writer.Value).SizeBytes;

        protected override void ReadValue(ref AvroReader reader, ColumnBuilder column) => ((BytesBuilder)column).Append(reader.Take(_sizeBytes));
    }

    ReadOnlySpan<byte> ReadDecimal(ref AvroReader reader) =>
        Writer.Value is AvroFixedSchema { SizeBytes: var size } ? reader.Take(size) : reader.ReadBytes();

    sealed class LongDecimalDecoder(AvroFieldShape writer, AvroFieldShape reader) : AvroFieldDecoder(writer, reader)
    {
        readonly long _limit = AvroDecimal.LimitOf(reader.Type);

        protected override void ReadValue(ref AvroReader reader, ColumnBuilder column)
        {
            var bytes = ReadDecimal(ref reader);
            if (!AvroDecimal.TryRead(bytes, out var value) || value >= _limit || value <= -_limit)
                reader.Fail(bytes.IsEmpty ? "a decimal of no bytes" : $"a value of more than {Reader.Type.Precision} digits for {Reader.Type}", bytes.Length);
            ((ValueBuilder<long>)column).Append(value);
        }
    }

    sealed class WideDecimalDecoder(AvroFieldShape writer, AvroFieldShape reader) : AvroFieldDecoder(writer, reader)
    {
        protected override void ReadValue(ref AvroReader reader, ColumnBuilder column)
        {
            var bytes = ReadDecimal(ref reader);
            if (!AvroDecimal.Fits(bytes, Reader.Type.Precision))
                reader.Fail(bytes.IsEmpty ? "a decimal of no bytes" : $"a value of more than {Reader.Type.Precision} digits for {Reader.Type}", bytes.Length);
            ((BytesBuilder)column).Append(AvroDecimal.Trim(bytes));
        }
    }
}
