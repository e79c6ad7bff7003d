using Olist.Formats.Columns;

namespace Olist.Formats.Parquet.Schema;

/// <summary>A field of a file as a column sees it: the groups that only spell lists and maps are gone, what they said of levels is kept.</summary>
/// <param name="Name">As in the file; <c>element</c>, <c>key</c> or <c>value</c> inside of lists and maps.</param>
/// <param name="Path">Names from the root down, with dots, as in the file.</param>
/// <param name="FieldId">-1 when the file has none.</param>
/// <param name="Kind">Struct, list, map; anything else is a leaf.</param>
/// <param name="Required">Whether it is there whenever its parent is.</param>
/// <param name="Present">The definition level from which on it is there.</param>
/// <param name="Children">Fields; the element; key and value; none of a leaf.</param>
sealed record SchemaNode(string Name, string Path, int FieldId, StorageKind? Kind, bool Required, int Present, IReadOnlyList<SchemaNode> Children)
{
    /// <summary>Set on leaves.</summary>
    public LeafColumn? Leaf { get; init; }

    /// <summary>Repetition level of the entries of a list or map, else 0.</summary>
    public int Repetition { get; init; }

    /// <summary>The definition level from which on a list or map has an entry.</summary>
    public int Entries => Present + 1;

    /// <summary>Why it can't be read as a whole, else <see langword="null"/>.</summary>
    public string? Refusal { get; init; }

    /// <summary>What it is in memory; <see langword="null"/> when it can't be read.</summary>
    public DataType? Type { get; init; }

    public bool IsRepeated => Kind is StorageKind.List or StorageKind.Map;

    public ColumnSchema Column => new(FieldId, Name, Type!.Value, Required);
}
