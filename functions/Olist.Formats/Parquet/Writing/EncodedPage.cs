namespace Olist.Formats.Parquet.Writing;

/// <summary>A finished data page, as the page index will list it.</summary>
/// <param name="Offset">From the first data page of its chunk.</param>
/// <param name="Bytes">With its header.</param>
/// <param name="FirstRow">In its row group.</param>
/// <param name="RowCount">Rows, nulls included.</param>
/// <param name="Statistics">Its values.</param>
readonly record struct EncodedPage(int Offset, int Bytes, int FirstRow, int RowCount, ValueStatistics Statistics);
