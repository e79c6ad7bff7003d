using Olist.Formats.Columns;
using Olist.Formats.Parquet.Metadata;

namespace Olist.Formats.Parquet.Schema;

/// <summary>The nested columns of a file: structs, and lists and maps in every layout that the format's rules of backward compatibility know.</summary>
sealed class NestedSchema
{
    readonly IReadOnlyList<SchemaElement> _elements;
    readonly List<SchemaNode?> _fields = [];
    int _next = 1;
    int _leaves;

    /// <param name="elements">Checked by <see cref="ReadSchema"/>: a whole tree of no more levels than it allows.</param>
    public NestedSchema(IReadOnlyList<SchemaElement> elements)
    {
        _elements = elements;
        if (IsFlat(elements))
        {
            _fields.AddRange(new SchemaNode?[elements.Count - 1]);
            return;
        }
        for (var i = 0; i < elements[0].ChildCount; i++)
        {
            var field = Walk("");
            _fields.Add(field.Element.Type is null || field.Element.Repetition == Repetition.Repeated ? NodeOf(field, 0, 0) : null);
        }
    }

    /// <summary>One for every field of the root, in order; <see langword="null"/> where it is flat.</summary>
    public IReadOnlyList<SchemaNode?> Fields => _fields;

    /// <summary>The nested column asked for, by field id, or by name where one of the two sides has none.</summary>
    public SchemaNode? Find(ColumnSchema column) => Find([.. _fields.OfType<SchemaNode>()], column);

    /// <summary>The same among the fields of a struct.</summary>
    public static SchemaNode? Find(IReadOnlyList<SchemaNode> fields, ColumnSchema column)
    {
        var byId = column.FieldId >= 0 && fields.Any(field => field.FieldId >= 0);
        SchemaNode? found = null;
        foreach (var field in fields)
        {
            if (byId ? field.FieldId != column.FieldId : field.Name != column.Name) continue;
            if (found is not null) throw new FormatViolationException($"both {found.Path} and {field.Path} are {(byId ? $"field {column.FieldId}" : column.Name)}");
            found = field;
        }
        return found;
    }

    /// <summary>As most files are: then nothing needs to be built.</summary>
    static bool IsFlat(IReadOnlyList<SchemaElement> elements)
    {
        for (var i = 1; i < elements.Count; i++)
            if (elements[i].Type is null || elements[i].Repetition == Repetition.Repeated) return false;
        return true;
    }

    sealed record Raw(SchemaElement Element, string Path, IReadOnlyList<Raw> Children, int Ordinal)
    {
        public bool IsLeaf => Element.Type is not null;
        public bool IsRepeated => Element.Repetition == Repetition.Repeated;
        public bool IsList => Element.Logical.Kind == LogicalTypeKind.List || Element.Converted == ConvertedType.List;
        public bool IsMap => Element.Logical.Kind == LogicalTypeKind.Map || Element.Converted is ConvertedType.Map or ConvertedType.MapKeyValue;
    }

    Raw Walk(string prefix)
    {
        var element = _elements[_next++];
        var path = prefix + element.Name;
        if (element.Type is not null) return new Raw(element, path, [], _leaves++);
        var children = new Raw[element.ChildCount ?? 0];
        for (var i = 0; i < children.Length; i++) children[i] = Walk(path + ".");
        return new Raw(element, path, children, -1);
    }

    /// <param name="raw">The element.</param>
    /// <param name="definition">The definition level at which its parent is there.</param>
    /// <param name="repetition">Lists and maps around it.</param>
    /// <param name="isEntry">Whether its being repeated is already told by the list around it.</param>
    static SchemaNode NodeOf(Raw raw, int definition, int repetition, bool isEntry = false)
    {
        var id = raw.Element.FieldId ?? -1;
        // Repeated without annotation: a required list of required elements.
        if (raw.IsRepeated && !isEntry) return ListOf(new(raw.Element.Name, raw.Path, id, StorageKind.List, true, definition, []), NodeOf(raw, definition + 1, repetition + 1, isEntry: true) with { FieldId = -1 }, repetition);
        var isRequired = isEntry || raw.Element.Repetition != Repetition.Optional;
        var node = new SchemaNode(raw.Element.Name, raw.Path, id, null, isRequired, isRequired ? definition : definition + 1, []);
        if (raw.IsLeaf) return LeafOf(node, raw);
        if (raw.Children.Count == 0) return node with { Kind = StorageKind.Struct, Refusal = $"{raw.Path} is a group without fields" };
        if (raw.IsMap) return MapOf(node with { Kind = StorageKind.Map }, raw, repetition);
        if (raw.IsList) return ListOf(node with { Kind = StorageKind.List }, raw, repetition);
        var fields = raw.Children.Select(child => NodeOf(child, node.Present, repetition)).ToArray();
        var refusal = raw.Element.Logical.Kind != LogicalTypeKind.None ? $"{raw.Path} is a group of logical type {raw.Element.Logical.Kind}, which has no type here" : fields.FirstOrDefault(field => field.Refusal is not null)?.Refusal;
        return node with { Kind = StorageKind.Struct, Children = fields, Refusal = refusal, Type = refusal is null ? DataType.Struct([.. fields.Select(field => field.Column)]) : null };
    }

    static SchemaNode LeafOf(SchemaNode node, Raw raw)
    {
        var (type, scale, refusal) = TypeMapping.Of(raw.Element);
        // Levels are dealt with by the nested reader: what is left for the leaf are values, none of them null.
        var leaf = new LeafColumn(raw.Ordinal, raw.Path, raw.Element with { Repetition = Repetition.Required }, type, scale, refusal) { IsUnsigned32 = TypeMapping.IsUnsigned32(raw.Element) };
        return node with { Leaf = leaf, Type = type, Refusal = refusal is null ? null : $"{raw.Path}: {refusal}" };
    }

    /// <summary>Which group is the element is decided by the format's rules: LogicalTypes.md, Lists, backward-compatibility rules.</summary>
    static SchemaNode ListOf(SchemaNode node, Raw raw, int repetition)
    {
        if (raw.Children is not [{ IsRepeated: true } repeated]) return ListOf(node, NodeOf(raw.Children[0], node.Entries, repetition + 1, isEntry: true), repetition) with { Refusal = $"{raw.Path} is a LIST without the one repeated field that makes a list", Type = null };
        var isElement = repeated.IsLeaf || repeated.Children.Count != 1 || repeated.Children[0].IsRepeated || repeated.IsList || repeated.IsMap
            || repeated.Element.Name == "array" || repeated.Element.Name == raw.Element.Name + "_tuple";
        var element = isElement ? NodeOf(repeated, node.Entries, repetition + 1, isEntry: true) : NodeOf(repeated.Children[0], node.Entries, repetition + 1);
        return ListOf(node, element, repetition);
    }

    static SchemaNode ListOf(SchemaNode node, SchemaNode element, int repetition) => node with
    {
        Children = [element with { Name = "element" }],
        Repetition = repetition + 1,
        Refusal = element.Refusal,
        Type = element.Refusal is null ? DataType.List(element.Column with { Name = "element" }) : null,
    };

    static SchemaNode MapOf(SchemaNode node, Raw raw, int repetition)
    {
        if (raw.Children is not [{ IsRepeated: true, Children.Count: 2 } entries])
            return node with { Children = [NodeOf(raw.Children[0], node.Entries, repetition + 1, isEntry: true)], Repetition = repetition + 1, Refusal = $"{raw.Path} is a MAP without one repeated group of key and value" };
        // Old writers call keys optional; they are required all the same, which is checked as for any required field.
        var key = NodeOf(entries.Children[0], node.Entries, repetition + 1) with { Name = "key" };
        var value = NodeOf(entries.Children[1], node.Entries, repetition + 1) with { Name = "value" };
        var refusal = key.Refusal ?? value.Refusal;
        return node with { Children = [key, value], Repetition = repetition + 1, Refusal = refusal, Type = refusal is null ? DataType.Map(key.Column with { Required = true }, value.Column) : null };
    }
}
