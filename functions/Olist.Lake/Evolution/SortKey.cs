namespace Olist.Lake;

/// <summary>One key of a table's sort order.</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="Ascending">Smallest first.</param>
/// <param name="NullsFirst">Rows without a value come first.</param>
/// <param name="Transform">What is compared, in Iceberg spelling: <c>identity</c>, <c>day</c>, <c>bucket[16]</c>, ...</param>
public sealed record SortKey(string Column, bool Ascending = true, bool NullsFirst = true, string Transform = "identity");
