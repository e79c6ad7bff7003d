using Olist.Formats.Columns;
using Olist.Formats.Parquet.Metadata;

namespace Olist.Formats.Parquet.Schema;

/// <summary>The flat columns of a file that somebody wrote: its schema tree, walked and checked. Nested ones are <see cref="NestedSchema"/>'s.</summary>
sealed class ReadSchema
{
    const int MaxDepth = 64;

    readonly IReadOnlyList<SchemaElement> _elements;
    readonly List<LeafColumn> _leaves = [];
    int _next = 1;

    public ReadSchema(IReadOnlyList<SchemaElement> elements)
    {
        _elements = elements;
        if (elements.Count == 0 || elements[0].ChildCount is not >= 0) throw new FormatViolationException("the schema has no root");
        for (var i = 0; i < elements[0].ChildCount; i++) Walk("", group: null, depth: 1);
        if (_next != elements.Count) throw new FormatViolationException($"the schema lists {elements.Count} elements, its tree has {_next}");
        HasFieldIds = elements.Any(element => element.FieldId is not null);
        CheckUnique();
    }

    public IReadOnlyList<LeafColumn> Leaves => _leaves;

    /// <summary>Whether columns are found by field id; otherwise by name.</summary>
    public bool HasFieldIds { get; }

    /// <summary>The leaf of a column: by field id, or by name where one of the two sides has none; <see langword="null"/> when the file lacks it.</summary>
    /// <exception cref="FormatViolationException">It is there, but nested or of a type that is not read.</exception>
    public LeafColumn? Find(ColumnSchema column)
    {
        var byId = HasFieldIds && column.FieldId >= 0;
        foreach (var leaf in _leaves)
        {
            // A group has no values of its own: its first leaf tells why it can't be read.
            var element = leaf.Group ?? leaf.Element;
            var found = byId ? element.FieldId == column.FieldId || leaf.FieldId == column.FieldId : element.Name == column.Name;
            if (found) return leaf.Refusal is null ? leaf : throw new FormatViolationException($"column {leaf.Path}: {leaf.Refusal}");
        }
        return null;
    }

    /// <summary>Neither a name nor an id may stand for two columns: which of them was meant would be a guess.</summary>
    void CheckUnique()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var ids = new HashSet<int>();
        foreach (var leaf in _leaves)
        {
            if (!names.Add(leaf.Path)) throw new FormatViolationException($"two columns are called {leaf.Path}");
            if (leaf.FieldId >= 0 && !ids.Add(leaf.FieldId)) throw new FormatViolationException($"column {leaf.Path} has field id {leaf.FieldId}, which another column has too");
        }
    }

    void Walk(string prefix, SchemaElement? group, int depth)
    {
        if (_next >= _elements.Count) throw new FormatViolationException("the schema ends inside of a group");
        if (depth > MaxDepth) throw new FormatViolationException($"the schema has more than {MaxDepth} levels");
        var element = _elements[_next++];
        var path = prefix + element.Name;
        if (element.Type is null)
        {
            if (element.ChildCount is not >= 0) throw new FormatViolationException($"schema element {path} is neither a column nor a group");
            for (var i = 0; i < element.ChildCount; i++) Walk(path + ".", group ?? element, depth + 1);
            return;
        }
        var refusal = group is not null ? "it is nested (a list, map or struct), which can't be read as a flat column"
            : element.Repetition is not (Repetition.Required or Repetition.Optional) ? "it is repeated (a list), which can't be read as a flat column" : null;
        var (type, scale, reason) = refusal is null ? TypeMapping.Of(element) : (null, TimeScale.None, refusal);
        _leaves.Add(new LeafColumn(_leaves.Count, path, element, type, scale, reason) { Group = group, IsUnsigned32 = TypeMapping.IsUnsigned32(element) });
    }
}
