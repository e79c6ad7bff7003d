using Olist.Lake.Catalogs;
using Olist.Lake.Metadata;

namespace Olist.Lake.Evolution;

/// <summary>The default partition spec under change. Removed fields are left out (version 1 made them void); a field that an earlier spec had gets its id back.</summary>
sealed class SpecDraft(EvolutionDraft draft, TableMetadata head)
{
    readonly List<PartitionField> _fields = [.. head.DefaultSpec.Fields];

    public IReadOnlyList<PartitionField> Fields => _fields;

    public int LastPartitionId { get; private set; } = head.LastPartitionId;

    public void Add(string column, string text, string? name)
    {
        var source = draft.Schema.Column(column, "partition by");
        var transform = draft.Bind(column, text);
        if (transform is VoidTransform) throw draft.Refuse(column, "void stands for a removed partition field; it can't be added");
        if (_fields.Find(field => KnownShapes.IsSame(field, source.FieldId, transform)) is { } same) throw draft.Refuse(same.Name, $"partition field {same.Name} is {transform} of column {column} already");
        if (transform is TimeTransform && _fields.Find(field => field.SourceId == source.FieldId && field.Transform is TimeTransform) is { } coarser)
            throw draft.Refuse(coarser.Name, $"partition field {coarser.Name} has the {coarser.Transform} of column {column} already; remove it first");
        var unique = name ?? NewTable.NameOf(column, transform);
        while (name is null && !CanBeCalled(unique, source.FieldId, transform)) unique += "_part";
        CheckName(unique, source.FieldId, transform);
        var id = KnownShapes.PartitionFieldId(head, source.FieldId, transform, LastPartitionId);
        LastPartitionId = Math.Max(LastPartitionId, id);
        _fields.Add(new PartitionField(source.FieldId, id, unique, transform));
    }

    public void Remove(string name) => _fields.Remove(Find(name));

    public void Rename(string name, string newName)
    {
        var field = Find(name);
        if (name == newName) return;
        CheckName(newName, field.SourceId, field.Transform);
        _fields[_fields.IndexOf(field)] = field with { Name = newName };
    }

    PartitionField Find(string name) => _fields.Find(field => field.Name == name)
        ?? throw draft.Refuse(name, $"there is no partition field {name}; it has {string.Join(", ", _fields.Select(field => field.Name).DefaultIfEmpty("none"))}");

    bool CanBeCalled(string name, int sourceId, Transform transform) =>
        name.Length > 0 && _fields.TrueForAll(field => field.Name != name) && (draft.Schema.FindByName(name) is not { } column || (transform is IdentityTransform && column.Id == sourceId));

    void CheckName(string name, int sourceId, Transform transform)
    {
        if (!CanBeCalled(name, sourceId, transform))
            throw draft.Refuse(name, $"a partition field can't be called '{name}': a column or another partition field is (only identity of a column may be called like it); choose another name");
    }
}
