using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Parquet.Metadata;

/// <summary>What stands before every page; one record for the three kinds.</summary>
record struct PageHeader()
{
    public PageType Type { get; set; } = (PageType)(-1);
    public int UncompressedBytes { get; set; } = -1;
    public int CompressedBytes { get; set; } = -1;

    /// <summary>CRC-32 of the page as it lies in the file, levels included.</summary>
    public int? Crc { get; set; }

    /// <summary>Values, nulls included; entries in a dictionary page.</summary>
    public int ValueCount { get; set; } = -1;
    public PageEncoding Encoding { get; set; }
    public PageEncoding DefinitionEncoding { get; set; } = PageEncoding.Rle;
    public PageEncoding RepetitionEncoding { get; set; } = PageEncoding.Rle;

    public int NullCount { get; set; }
    public int DefinitionBytes { get; set; }
    public int RepetitionBytes { get; set; }
    public bool IsCompressed { get; set; } = true;

    /// <summary>A header of a data page v1 or a dictionary page: the kinds that are written.</summary>
    public readonly void Write(ThriftWriter writer)
    {
        writer.BeginStruct();
        writer.Int32(1, (int)Type);
        writer.Int32(2, UncompressedBytes);
        writer.Int32(3, CompressedBytes);
        writer.Int32(4, Crc);
        writer.BeginStruct((short)(Type == PageType.Dictionary ? 7 : 5));
        writer.Int32(1, ValueCount);
        writer.Int32(2, (int)Encoding);
        if (Type == PageType.Data)
        {
            writer.Int32(3, (int)PageEncoding.Rle);
            writer.Int32(4, (int)PageEncoding.Rle);
        }
        writer.EndStruct();
        writer.EndStruct();
    }

    public static PageHeader Read(ref ThriftReader reader)
    {
        var header = new PageHeader();
        short id = 0;
        while (reader.NextField(ref id, out var type))
            switch (id)
            {
                case 1: header.Type = (PageType)reader.Int32(type); break;
                case 2: header.UncompressedBytes = reader.Int32(type); break;
                case 3: header.CompressedBytes = reader.Int32(type); break;
                case 4: header.Crc = reader.Int32(type); break;
                case 5 or 7 when type == ThriftType.Struct: header.ReadFirstKind(ref reader); break;
                case 8 when type == ThriftType.Struct: header.ReadDataV2(ref reader); break;
                default: reader.Skip(type); break;
            }
        return header;
    }

    void ReadFirstKind(ref ThriftReader reader)
    {
        short id = 0;
        while (reader.NextField(ref id, out var type))
            switch (id)
            {
                case 1: ValueCount = reader.Int32(type); break;
                case 2: Encoding = (PageEncoding)reader.Int32(type); break;
                case 3 when type == ThriftType.Int32: DefinitionEncoding = (PageEncoding)reader.Int32(type); break;
                case 4 when type == ThriftType.Int32: RepetitionEncoding = (PageEncoding)reader.Int32(type); break;
                default: reader.Skip(type); break;
            }
    }

    void ReadDataV2(ref ThriftReader reader)
    {
        short id = 0;
        while (reader.NextField(ref id, out var type))
            switch (id)
            {
                case 1: ValueCount = reader.Int32(type); break;
                case 2: NullCount = reader.Int32(type); break;
                case 4: Encoding = (PageEncoding)reader.Int32(type); break;
                case 5: DefinitionBytes = reader.Int32(type); break;
                case 6: RepetitionBytes = reader.Int32(type); break;
                case 7: IsCompressed = reader.Boolean(type); break;
                default: reader.Skip(type); break;
            }
    }
}
