using Olist.Formats.Columns;
using Olist.Lake.Metadata;
using Olist.Lake.Schemas;

namespace Olist.Lake.Evolution;

/// <summary>The top-level fields of a schema under change. What lies inside a nested column stays as it is.</summary>
sealed class SchemaDraft(EvolutionDraft draft, TableMetadata head)
{
    const int ReservedIds = 2_147_483_447;
    const string NameMapping = "schema.name-mapping.default";

    readonly bool _hasRows = head.Snapshots.Count > 0;
    readonly List<NestedField> _fields = [.. head.CurrentSchema.Fields];
    List<int> _identifiers = [.. head.CurrentSchema.IdentifierFieldIds];

    public int LastColumnId { get; private set; } = head.LastColumnId;

    public TableSchema Build() => new(head.CurrentSchemaId, [.. _fields], _identifiers);

    public void Add(string name, DataType type, bool required, string? doc, ColumnPosition at)
    {
        CheckName(name);
        if (required && _hasRows) throw draft.Refuse(name, $"new column {name} is required, but the table has rows without it; make it optional");
        if (LastColumnId + 1 >= ReservedIds) throw draft.Refuse(name, $"column {name} would need field id {LastColumnId + 1}, and ids from {ReservedIds} on are the format's own; make a new table");
        _fields.Add(new NestedField(++LastColumnId, name, required, new PrimitiveType(type), doc));
        Move(name, at);
    }

    public void Drop(string name)
    {
        var field = Find(name, "drop");
        CheckNamesMatter(name);
        if (_identifiers.Contains(field.Id)) throw draft.Refuse(name, $"column {name} is part of the key ({string.Join(", ", Names(_identifiers))}); identify rows by other columns first");
        if (draft.Spec.Fields.FirstOrDefault(partition => partition.SourceId == field.Id && partition.Transform is not VoidTransform) is { } user)
            throw draft.Refuse(name, $"column {name} is the source of partition field {user.Name}; remove that field first");
        if (draft.SortSources.Contains(field.Id)) throw draft.Refuse(name, $"column {name} is in the sort order; sort by other columns first");
        if (_fields.Count == 1) throw draft.Refuse(name, $"column {name} is the only one; a table has at least one column");
        _fields.Remove(field);
        draft.Properties.DropColumn(name);
    }

    public void Rename(string name, string newName)
    {
        var field = Find(name, "rename");
        if (name == newName) return;
        CheckName(newName, field.Id);
        _fields[_fields.IndexOf(field)] = field with { Name = newName };
        draft.Properties.RenameColumn(name, newName);
    }

    public void Move(string name, ColumnPosition to)
    {
        var field = Find(name, "move");
        if (to.Other == name) throw draft.Refuse(name, $"column {name} can't stand beside itself");
        var other = to.Other is null ? null : Find(to.Other, "stand beside");
        _fields.Remove(field);
        var index = other is not null ? _fields.IndexOf(other) : to.IsAfter ? _fields.Count - 1 : 0;
        _fields.Insert(to.IsAfter ? index + 1 : index, field);
    }

    public void Widen(string name, DataType type)
    {
        var field = Find(name, "widen");
        if (field.Type is not PrimitiveType before) throw draft.Refuse(name, $"column {name} is nested; its type can't be changed here");
        if (before.Type == type) return;
        if (!TypePromotion.Widens(before.Type, type)) throw draft.Refuse(name, $"column {name} can't change its type from {before.Type} to {type}; {TypePromotion.Allowed}. Add a column of that type instead");
        _fields[_fields.IndexOf(field)] = field with { Type = new PrimitiveType(type) };
    }

    public void MakeOptional(string name)
    {
        var field = Find(name, "make optional");
        if (_identifiers.Contains(field.Id)) throw draft.Refuse(name, $"column {name} is part of the key ({string.Join(", ", Names(_identifiers))}), which is never null; identify rows by other columns first");
        _fields[_fields.IndexOf(field)] = field with { Required = false };
    }

    public void Describe(string name, string? doc)
    {
        var field = Find(name, "describe");
        _fields[_fields.IndexOf(field)] = field with { Doc = doc };
    }

    public void IdentifyBy(IReadOnlyList<string> columns)
    {
        var ids = new List<int>();
        foreach (var name in columns)
        {
            var column = Column(name, "identify rows by");
            if (!column.Required) throw draft.Refuse(name, $"column {name} is optional; identifier fields are required");
            if (column.Type.Kind is TypeKind.Float or TypeKind.Double) throw draft.Refuse(name, $"column {name} is {column.Type}, which can't identify rows");
            if (ids.Contains(column.FieldId)) throw draft.Refuse(name, $"column {name} is named twice in the key");
            ids.Add(column.FieldId);
        }
        // The format knows a set; keeping its order steady lets an equal schema be found again.
        _identifiers = [.. ids.Order()];
    }

    /// <summary>A column of primitive type.</summary>
    public ColumnSchema Column(string name, string purpose) => Find(name, purpose) is { Type: PrimitiveType type } field
        ? new ColumnSchema(field.Id, field.Name, type.Type, field.Required)
        : throw draft.Refuse(name, $"column {name} is nested; only primitive columns can be used to {purpose}");

    public NestedField? FindByName(string name) => _fields.Find(field => field.Name == name);

    NestedField Find(string name, string purpose) =>
        FindByName(name) ?? throw draft.Refuse(name, $"there is no column {name} to {purpose}; it has {string.Join(", ", _fields.Select(field => field.Name))}");

    IEnumerable<string> Names(IEnumerable<int> ids) => ids.Select(id => _fields.Find(field => field.Id == id)?.Name ?? "?");

    void CheckName(string name, int? own = null)
    {
        if (string.IsNullOrEmpty(name)) throw draft.Refuse(name ?? "", "a column needs a name");
        CheckNamesMatter(name);
        // Engines that ignore case could not tell them apart.
        if (_fields.Find(field => field.Id != own && string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase)) is { } taken)
            throw draft.Refuse(name, $"there is a column {taken.Name} already; choose another name, or drop or rename that one first");
        if (draft.Spec.Fields.FirstOrDefault(field => field.Name == name && !(field.Transform is IdentityTransform && field.SourceId == own)) is not null)
            throw draft.Refuse(name, $"a partition field is called {name}, and a column can't be; rename that field first");
    }

    void CheckNamesMatter(string name)
    {
        // Files without field ids are read by name: under other names their values would be gone without a word.
        if (head.Properties.ContainsKey(NameMapping))
            throw draft.Refuse(name, $"its files may be without field ids (property {NameMapping}), so columns can't be added, renamed or dropped here; do it with the engine that made it, or remove the property if all files have ids");
    }
}
