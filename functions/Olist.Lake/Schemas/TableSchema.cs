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
        Columns = fields.Where(field => field.Type is PrimitiveType)
            .Select(field => new ColumnSchema(field.Id, field.Name, ((PrimitiveType)field.Type).Type, field.Required)).ToArray();
        _columnsByName = Columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
    }

    public int SchemaId { get; }

    public IReadOnlyList<NestedField> Fields { get; }

    /// <summary>The fields whose values together name a row: the merge key. May be empty.</summary>
    public IReadOnlyList<int> IdentifierFieldIds { get; }

    /// <summary>The fields of primitive type, in order: what can be read and written.</summary>
    public IReadOnlyList<ColumnSchema> Columns { get; }

    public NestedField? FindField(int id) => _byId.GetValueOrDefault(id);

    public ColumnSchema? FindColumn(string name) => _columnsByName.GetValueOrDefault(name);

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
