namespace Olist.Formats.Parquet.Reading;

/// <summary>Bytes of a file.</summary>
readonly record struct ByteRange(long Offset, long Length)
{
    public long EndExcl => Offset + Length;
}
