using Olist.Formats.Columns;
using Olist.Formats.Parquet.Schema;

namespace Olist.Formats.Parquet.Reading.Nested;

/// <summary>A field that was asked for, and where the file has it.</summary>
/// <param name="Wanted">Name, id and type in memory.</param>
/// <param name="Node"><see langword="null"/> where the file lacks it.</param>
/// <param name="Children">One per child of the wanted type.</param>
sealed record NestedPlan(ColumnSchema Wanted, SchemaNode? Node, IReadOnlyList<NestedPlan> Children)
{
    /// <summary>The leaves to be read, with the definition levels of the lists around each. A struct of whose fields the file has none is read by the levels of its first leaf.</summary>
    public IReadOnlyList<PlannedLeaf> Leaves { get; private init; } = [];

    /// <exception cref="FormatViolationException">The file has it, but not as what is asked for.</exception>
    public static NestedPlan Of(ColumnSchema wanted, SchemaNode? node, IReadOnlyList<int> lists)
    {
        if (node is null) return wanted.Required ? throw new FormatViolationException($"column {wanted.Name} (field id {wanted.FieldId}) is required, but not in the file") : new NestedPlan(wanted, null, []);
        if (node.Leaf is { } leaf)
        {
            if (leaf.Refusal is not null) throw new FormatViolationException($"column {leaf.Path}: {leaf.Refusal}");
            if (wanted.Type.IsNested || !Conversion.IsAllowed(leaf, wanted.Type)) throw Misfit(node, leaf.Type.ToString()!, wanted);
            return new NestedPlan(wanted, node, []) { Leaves = [new PlannedLeaf(leaf, lists, node.Present, WithValues: true)] };
        }
        if (node.Kind != wanted.Type.Storage) throw Misfit(node, $"a {node.Kind}", wanted);
        // A refusal of the group itself; one of a field matters only when that field is asked for.
        if (node.Refusal is { } refusal && node.Children.All(child => child.Refusal is null)) throw new FormatViolationException($"column {node.Path}: {refusal}");
        if (node.IsRepeated) lists = [.. lists, node.Entries];
        var children = wanted.Type.Children.Select((child, i) => Of(child, node.IsRepeated ? node.Children[i] : NestedSchema.Find(node.Children, child), lists)).ToArray();
        var leaves = children.SelectMany(child => child.Leaves).ToArray();
        if (leaves.Length == 0) leaves = [LevelsOf(node.Children[0], lists)];
        return new NestedPlan(wanted, node, children) { Leaves = leaves };
    }

    static PlannedLeaf LevelsOf(SchemaNode node, IReadOnlyList<int> lists) =>
        node.Leaf is { } leaf ? new PlannedLeaf(leaf, lists, node.Present, WithValues: false) : LevelsOf(node.Children[0], node.IsRepeated ? [.. lists, node.Entries] : lists);

    static FormatViolationException Misfit(SchemaNode node, string found, ColumnSchema wanted) => new($"column {node.Path} is {found} in the file, which can't be read as {wanted.Type}");
}

/// <summary>A leaf to be read; see <see cref="LeafReader"/>.</summary>
sealed record PlannedLeaf(LeafColumn Leaf, IReadOnlyList<int> Lists, int MaxDefinition, bool WithValues);
