using Olist.Formats.Columns;

namespace Olist.Lake;

/// <summary>One schema of a table. Fields keep their ids through renames and reorders; an id is never used again.</summary>
public sealed class TableSchema
{
    readonly Dictionary<int, NestedField> _byId;
    readonly Dictionary<string, ColumnSchema> _columnsByName;

    public TableSchema(int schemaId, IReadOnlyList<NestedField> fields, IReadOnlyList<int> identifierFieldIds)
    {
        SchemaId = schemaId;
        Fields = fields;
        IdentifierFieldIds = identifierFieldIds;
        _byId = fields.ToDictionary(field => field.Id);
        Columns = fields.Select(field => field.Column).ToArray();
        _columnsByName = Columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
    }

    public int SchemaId { get; }

    public IReadOnlyList<NestedField> Fields { get; }

    /// <summary>The fields whose values together name a row: the merge key. May be empty.</summary>
    public IReadOnlyList<int> IdentifierFieldIds { get; }

    /// <summary>The fields as columns in memory, in order.</summary>
    public IReadOnlyList<ColumnSchema> Columns { get; }

    /// <summary>Tables with structs, lists or maps are read, but not written.</summary>
    /// <param name="table">For the error.</param>
    /// <param name="what">What can't be done, as in <c>written</c>.</param>
    /// <exception cref="UnsupportedFormatException">It has such a column.</exception>
    internal void RefuseNested(TableName table, string what)
    {
        if (Columns.Where(column => column.Type.IsNested).Select(column => $"{column.Name}: {column.Type}").ToArray() is { Length: > 0 } nested)
            throw new UnsupportedFormatException($"Table {table} has nested columns ({string.Join(", ", nested)}), which are read here, but can't be {what}. Use the engine that made it.");
    }

    public NestedField? FindField(int id) => _byId.GetValueOrDefault(id);

    public ColumnSchema? FindColumn(string name) => _columnsByName.GetValueOrDefault(name);

    /// <summary>A column of primitive type, as keys, partitions and orders are made of.</summary>
    public ColumnSchema? FindColumn(int id) => _byId.TryGetValue(id, out var field) && field.Type is PrimitiveType ? _columnsByName[field.Name] : null;

    /// <summary>The highest id in use, nested ones included; 0 for no fields.</summary>
    public int HighestId => Fields.SelectMany(one => one.Type.Ids().Prepend(one.Id)).DefaultIfEmpty(0).Max();

    /// <summary>The named columns in the order asked for (null: all).</summary>
    /// <exception cref="LakeException">There is no such column.</exception>
    public IReadOnlyList<ColumnSchema> Select(IReadOnlyList<string>? names, TableName table) => names is null
        ? Columns
        : names.Select(name => FindColumn(name)
            ?? throw new LakeException($"Table {table} has no column {name} in schema {SchemaId}; it has {string.Join(", ", Columns.Select(column => column.Name))}.")).ToArray();
}
