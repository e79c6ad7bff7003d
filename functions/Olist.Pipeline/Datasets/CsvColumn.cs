using Olist.Formats.Columns;

namespace Olist.Pipeline.Datasets;

/// <summary>How the text of a field is read.</summary>
public enum FieldKind
{
    /// <summary>Not used by the pipeline: any valid UTF-8 will do, nothing is kept.</summary>
    Unused,
    Text,
    /// <summary>One of the eight states of an order. Checked, not kept: the events tell the state.</summary>
    OrderStatus,
    Int,
    /// <summary>At most two decimals and within decimal(10,2); hundredths in memory.</summary>
    Money,
    /// <summary><c>yyyy-MM-dd HH:mm:ss</c>, UTC; microseconds in memory.</summary>
    Timestamp,
    Double,
}

/// <summary>One column of a CSV file.</summary>
/// <param name="Header">Its exact name.</param>
/// <param name="Kind">How it is read.</param>
/// <param name="Required">Whether an empty field makes the row a bad one; otherwise it is a null.</param>
public sealed record CsvColumn(string Header, FieldKind Kind, bool Required)
{
    /// <summary>Whether its values are kept in a column of that name.</summary>
    public bool IsKept => Kind is not (FieldKind.Unused or FieldKind.OrderStatus);

    public DataType Type => Kind switch
    {
        FieldKind.Int => DataType.Int,
        FieldKind.Money => DataType.Decimal(10, 2),
        FieldKind.Timestamp => DataType.TimestampTz,
        FieldKind.Double => DataType.Double,
        _ => DataType.String,
    };
}
