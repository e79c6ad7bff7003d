using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Parquet.Metadata;

/// <summary>Figures of a column chunk; values are plain, without length.</summary>
sealed record StatisticsMetadata
{
    public long? NullCount { get; init; }
    public byte[]? Max { get; init; }
    public byte[]? Min { get; init; }
    public bool? IsMaxExact { get; init; }
    public bool? IsMinExact { get; init; }
    public long? NanCount { get; init; }

    /// <summary>Min and max of old writers, in signed order whatever the type.</summary>
    public byte[]? DeprecatedMax { get; init; }
    public byte[]? DeprecatedMin { get; init; }

    public void Write(ThriftWriter writer, short id)
    {
        writer.BeginStruct(id);
        writer.Int64(3, NullCount);
        writer.Binary(5, Max);
        writer.Binary(6, Min);
        writer.Boolean(7, IsMaxExact);
        writer.Boolean(8, IsMinExact);
        writer.Int64(9, NanCount);
        writer.EndStruct();
    }

    public static StatisticsMetadata Read(ref ThriftReader reader)
    {
        var statistics = new StatisticsMetadata();
        short id = 0;
        while (reader.NextField(ref id, out var type))
            switch (id)
            {
                case 1: statistics = statistics with { DeprecatedMax = reader.Binary(type) }; break;
                case 2: statistics = statistics with { DeprecatedMin = reader.Binary(type) }; break;
                case 3: statistics = statistics with { NullCount = reader.Int64(type) }; break;
                case 5: statistics = statistics with { Max = reader.Binary(type) }; break;
                case 6: statistics = statistics with { Min = reader.Binary(type) }; break;
                case 7: statistics = statistics with { IsMaxExact = reader.Boolean(type) }; break;
                case 8: statistics = statistics with { IsMinExact = reader.Boolean(type) }; break;
                case 9: statistics = statistics with { NanCount = reader.Int64(type) }; break;
                default: reader.Skip(type); break;
            }
        return statistics;
    }
}
