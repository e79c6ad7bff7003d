namespace Olist.Formats.Parquet;

/// <summary>Rows of one row group that follow each other, counted from 0 within the group; half-open.</summary>
public readonly record struct RowRange(int First, int EndExcl)
{
    public int Count => EndExcl - First;
}
