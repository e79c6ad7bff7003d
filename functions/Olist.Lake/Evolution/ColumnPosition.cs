namespace Olist.Lake;

/// <summary>Where a column stands among the others; only how they are listed, as readers go by field id.</summary>
public sealed record ColumnPosition
{
    ColumnPosition(string? other, bool isAfter)
    {
        Other = other;
        IsAfter = isAfter;
    }

    internal string? Other { get; }
    internal bool IsAfter { get; }

    public static ColumnPosition First { get; } = new(null, isAfter: false);

    public static ColumnPosition Last { get; } = new(null, isAfter: true);

    public static ColumnPosition Before(string column) => new(column, isAfter: false);

    public static ColumnPosition After(string column) => new(column, isAfter: true);
}
