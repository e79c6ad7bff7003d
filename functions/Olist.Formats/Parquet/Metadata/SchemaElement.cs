using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Parquet.Metadata;

enum Repetition { Required = 0, Optional = 1, Repeated = 2 }

/// <summary>A node of the schema tree, which the footer lists depth first.</summary>
sealed record SchemaElement(string Name)
{
    /// <summary>Absent on groups.</summary>
    public PhysicalType? Type { get; init; }

    /// <summary>Bytes of a fixed-length value, else 0.</summary>
    public int TypeLength { get; init; }

    public Repetition? Repetition { get; init; }
    public int? ChildCount { get; init; }
    public ConvertedType? Converted { get; init; }
    public int? Scale { get; init; }
    public int? Precision { get; init; }
    public int? FieldId { get; init; }
    public LogicalType Logical { get; init; }

    public void Write(ThriftWriter writer)
    {
        writer.BeginStruct();
        writer.Int32(1, (int?)Type);
        writer.Int32(2, TypeLength > 0 ? TypeLength : null);
        writer.Int32(3, (int?)Repetition);
        writer.Text(4, Name);
        writer.Int32(5, ChildCount);
        writer.Int32(6, (int?)Converted);
        writer.Int32(7, Scale);
        writer.Int32(8, Precision);
        writer.Int32(9, FieldId);
        Logical.Write(writer, 10);
        writer.EndStruct();
    }

    public static SchemaElement Read(ref ThriftReader reader)
    {
        var element = new SchemaElement("");
        short id = 0;
        while (reader.NextField(ref id, out var type))
            switch (id)
            {
                case 1: element = element with { Type = (PhysicalType)reader.Int32(type) }; break;
                case 2: element = element with { TypeLength = reader.Int32(type) }; break;
                case 3: element = element with { Repetition = (Repetition)reader.Int32(type) }; break;
                case 4: element = element with { Name = reader.Text(type) }; break;
                case 5: element = element with { ChildCount = reader.Int32(type) }; break;
                case 6: element = element with { Converted = (ConvertedType)reader.Int32(type) }; break;
                case 7: element = element with { Scale = reader.Int32(type) }; break;
                case 8: element = element with { Precision = reader.Int32(type) }; break;
                case 9: element = element with { FieldId = reader.Int32(type) }; break;
                case 10 when type == ThriftType.Struct: element = element with { Logical = LogicalType.Read(ref reader) }; break;
                default: reader.Skip(type); break;
            }
        return element;
    }
}
