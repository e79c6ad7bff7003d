namespace Olist.Formats.Avro;

/// <summary>The kinds of Avro schemas; primitives first.</summary>
public enum AvroKind
{
    Null, Boolean, Int, Long, Float, Double, Bytes, String,
    Record, Enum, Fixed, Array, Map, Union,
}
