using Olist.Formats.Columns;
using Olist.Formats.Parquet.Metadata;

namespace Olist.Formats.Parquet.Schema;

/// <summary>How stored numbers become the microseconds that columns in memory have.</summary>
enum TimeScale { None, MillisToMicros, NanosToMicros }

/// <summary>A primitive of the schema tree, and what it is as a column.</summary>
/// <param name="Ordinal">Its place among all leaves, which is that of its chunk in every row group.</param>
/// <param name="Path">Names from the root down, with dots.</param>
/// <param name="Element">What the footer says.</param>
/// <param name="Type">The type of its values in memory; <see langword="null"/> when it can't be read, for the reason in <paramref name="Refusal"/>.</param>
/// <param name="Scale">What else is to be done to a time.</param>
/// <param name="Refusal">Why it can't be read, else <see langword="null"/>.</param>
sealed record LeafColumn(int Ordinal, string Path, SchemaElement Element, DataType? Type, TimeScale Scale, string? Refusal)
{
    /// <summary>-1 when the file has none for it.</summary>
    public int FieldId => Element.FieldId ?? -1;

    /// <summary>The outermost group around it, if any.</summary>
    public SchemaElement? Group { get; init; }

    public PhysicalType Physical => Element.Type!.Value;

    public bool IsOptional => Element.Repetition == Repetition.Optional;

    /// <summary>Whether INT32 values are to be read as 0 to 2^32-1.</summary>
    public bool IsUnsigned32 { get; init; }
}
