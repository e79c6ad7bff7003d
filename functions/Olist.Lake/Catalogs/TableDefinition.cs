using Olist.Formats.Columns;

namespace Olist.Lake;

/// <summary>What a new table is made of. Field ids are taken from the columns.</summary>
public sealed record TableDefinition(IReadOnlyList<ColumnSchema> Columns)
{
    /// <summary>Identifier fields (the merge key), by name; required columns, not float or double.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>Partition fields as (column, transform), transform in Iceberg spelling: identity, bucket[16], month, ...</summary>
    public IReadOnlyList<(string Column, string Transform)> Partitioning { get; init; } = [];

    /// <summary>Columns the rows of each file are sorted by, ascending, nulls first.</summary>
    public IReadOnlyList<string> SortOrder { get; init; } = [];

    /// <summary>Table properties beside the defaults of <see cref="TableProperties"/>.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
}
