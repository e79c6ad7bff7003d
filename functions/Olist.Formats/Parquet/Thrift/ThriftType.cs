namespace Olist.Formats.Parquet.Thrift;

/// <summary>Wire types of the Thrift compact protocol; a boolean field carries its value in its type.</summary>
enum ThriftType : byte
{
    Stop = 0, True = 1, False = 2, Byte = 3, Int16 = 4, Int32 = 5, Int64 = 6, Double = 7, Binary = 8, List = 9, Set = 10, Map = 11, Struct = 12,
}
