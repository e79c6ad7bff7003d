using Olist.Formats.Columns;
using Olist.Formats.Parquet.Schema;

namespace Olist.Formats.Parquet.Reading.Nested;

/// <summary>Puts the leaves of a nested column together. What several leaves say of one struct or list is compared: a file whose leaves disagree is damaged.</summary>
sealed class NestedAssembler(IReadOnlyDictionary<int, LeafEntries> leaves)
{
    /// <param name="plan">What was asked for.</param>
    /// <param name="level">Whose items the rows of the column are.</param>
    /// <param name="parent">The definition level at which the parent is there.</param>
    /// <param name="items">Rows of the column.</param>
    public Column Build(NestedPlan plan, ItemLevel level, int parent, int items)
    {
        if (plan.Node is not { } node) return NullColumn.Of(plan.Wanted.Type, items);
        var below = plan.Leaves.Select(leaf => leaves[leaf.Leaf.Ordinal]).ToArray();
        if (plan.Wanted.Required && below[0].CountMissing(level, parent, node.Present) is > 0 and var nulls)
            throw new FormatViolationException($"{node.Path} is required, but {nulls} rows or items have no value");
        if (node.Leaf is { } leaf) return Conversion.Apply(below[0].Spread(level, items), leaf, plan.Wanted.Type);
        var validity = below[0].Validity(level, node.Present, items);
        foreach (var other in below.Skip(1))
            if (!AreEqual(validity, other.Validity(level, node.Present, items))) throw Disagree(node, below[0], other);
        return node.IsRepeated ? BuildRepeated(plan, node, level, items, below, validity) : BuildStruct(plan, node, level, items, validity);
    }

    StructColumn BuildStruct(NestedPlan plan, SchemaNode node, ItemLevel level, int items, byte[]? validity) =>
        new(plan.Wanted.Type, plan.Children.Select(child => Build(child, level, node.Present, items)).ToArray(), items, validity);

    Column BuildRepeated(NestedPlan plan, SchemaNode node, ItemLevel level, int items, LeafEntries[] below, byte[]? validity)
    {
        var inner = new ItemLevel(node.Repetition, node.Entries);
        var offsets = below[0].Offsets(level, inner, items);
        foreach (var other in below.Skip(1))
            if (!offsets.AsSpan().SequenceEqual(other.Offsets(level, inner, items))) throw Disagree(node, below[0], other);
        var parts = plan.Children.Select(child => Build(child, inner, node.Entries, offsets[items])).ToArray();
        return node.Kind == StorageKind.Map
            ? new MapColumn(plan.Wanted.Type, offsets, parts[0], parts[1], items, validity)
            : new ListColumn(plan.Wanted.Type, offsets, parts[0], items, validity);
    }

    static bool AreEqual(byte[]? left, byte[]? right) => left is null ? right is null : right is not null && left.AsSpan().SequenceEqual(right);

    static FormatViolationException Disagree(SchemaNode node, LeafEntries left, LeafEntries right) => new($"{left.Path} and {right.Path} disagree about {node.Path}: the file is damaged");
}
