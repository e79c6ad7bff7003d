using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Parquet.Metadata;

/// <summary>Unit of a time or timestamp; the numbers are the field ids of the TimeUnit union.</summary>
enum TimeUnit { Millis = 1, Micros = 2, Nanos = 3 }

/// <summary>What the values of a column mean.</summary>
readonly record struct LogicalType(LogicalTypeKind Kind)
{
    public int Scale { get; init; }
    public int Precision { get; init; }
    public bool IsAdjustedToUtc { get; init; }
    public TimeUnit Unit { get; init; }
    public int BitWidth { get; init; }
    public bool IsSigned { get; init; }

    public void Write(ThriftWriter writer, short id)
    {
        if (Kind == LogicalTypeKind.None) return;
        writer.BeginStruct(id);
        writer.BeginStruct((short)Kind);
        if (Kind == LogicalTypeKind.Decimal)
        {
            writer.Int32(1, Scale);
            writer.Int32(2, Precision);
        }
        else if (Kind is LogicalTypeKind.Time or LogicalTypeKind.Timestamp)
        {
            writer.Boolean(1, IsAdjustedToUtc);
            writer.EmptyUnion(2, (short)Unit);
        }
        writer.EndStruct();
        writer.EndStruct();
    }

    public static LogicalType Read(ref ThriftReader reader)
    {
        var logical = default(LogicalType);
        short id = 0;
        while (reader.NextField(ref id, out var type))
        {
            if (type != ThriftType.Struct) reader.Skip(type);
            else logical = ReadMember(ref reader, new LogicalType((LogicalTypeKind)id));
        }
        return logical;
    }

    static LogicalType ReadMember(ref ThriftReader reader, LogicalType logical)
    {
        short id = 0;
        while (reader.NextField(ref id, out var type))
            switch (logical.Kind, id)
            {
                case (LogicalTypeKind.Decimal, 1): logical = logical with { Scale = reader.Int32(type) }; break;
                case (LogicalTypeKind.Decimal, 2): logical = logical with { Precision = reader.Int32(type) }; break;
                case (LogicalTypeKind.Time or LogicalTypeKind.Timestamp, 1): logical = logical with { IsAdjustedToUtc = reader.Boolean(type) }; break;
                case (LogicalTypeKind.Time or LogicalTypeKind.Timestamp, 2): logical = logical with { Unit = ReadUnit(ref reader, type) }; break;
                case (LogicalTypeKind.Integer, 1): logical = logical with { BitWidth = reader.SByte(type) }; break;
                case (LogicalTypeKind.Integer, 2): logical = logical with { IsSigned = reader.Boolean(type) }; break;
                default: reader.Skip(type); break;
            }
        return logical;
    }

    static TimeUnit ReadUnit(ref ThriftReader reader, ThriftType union)
    {
        if (union != ThriftType.Struct) throw new FormatViolationException($"metadata byte {reader.Position}: a time unit of type {union}");
        var unit = default(TimeUnit);
        short id = 0;
        while (reader.NextField(ref id, out var type))
        {
            unit = (TimeUnit)id;
            reader.Skip(type);
        }
        return unit;
    }
}
