using Olist.Formats.Columns;
using Olist.Lake.Evolution;
using Olist.Lake.Metadata;

namespace Olist.Lake;

/// <summary>What is to change about a table, in steps: each builds on those before it, and all of them are committed at once or not at all (<see cref="LakeTable.EvolveAsync"/>).</summary>
/// <remarks>
/// No file is rewritten: old files are read by field id, with nulls for columns that came later and with promoted values for those that were widened. Files keep the partitioning they were written
/// with; new ones and compacted ones get the new one. Used by one caller at a time.
/// </remarks>
public sealed class TableEvolution
{
    readonly List<Action<EvolutionDraft>> _steps = [];

    internal TableEvolution() { }

    /// <summary>Whether more than properties change, so that the schema must still be the one the steps speak of.</summary>
    internal bool TouchesSchema { get; private set; }
    internal bool TouchesPartitioning { get; private set; }
    internal bool TouchesOrder { get; private set; }

    /// <summary>A new column with a field id that nothing had before; rows that are there already have null in it.</summary>
    /// <param name="required">Only for a table that has never had rows.</param>
    public TableEvolution AddColumn(string name, DataType type, ColumnPosition? at = null, string? doc = null, bool required = false) => Schema(draft => draft.Add(name, type, required, doc, at ?? ColumnPosition.Last));

    /// <summary>Takes a column out of the schema; its values stay in the files, and snapshots of before still show them.</summary>
    public TableEvolution DropColumn(string name) => Schema(draft => draft.Drop(name));

    public TableEvolution RenameColumn(string name, string newName) => Schema(draft => draft.Rename(name, newName));

    public TableEvolution MoveColumn(string name, ColumnPosition to) => Schema(draft => draft.Move(name, to));

    /// <summary><c>int</c> to <c>long</c>, <c>float</c> to <c>double</c>, a decimal to more digits of the same scale.</summary>
    public TableEvolution WidenColumn(string name, DataType type) => Schema(draft => draft.Widen(name, type));

    /// <summary>Lets a required column have nulls. The way back is closed: there may be rows with nulls by then.</summary>
    public TableEvolution MakeOptional(string name) => Schema(draft => draft.MakeOptional(name));

    /// <param name="doc">Null: none.</param>
    public TableEvolution DescribeColumn(string name, string? doc) => Schema(draft => draft.Describe(name, doc));

    /// <summary>The columns whose values together name a row (the merge key); none: no key. Required columns, not float or double. That they are unique is for writers to see to.</summary>
    public TableEvolution IdentifyBy(params IReadOnlyList<string> columns) => Schema(draft => draft.IdentifyBy(columns));

    /// <summary>Partitions what is written from now on by one more field.</summary>
    /// <param name="transform">In Iceberg spelling: <c>identity</c>, <c>bucket[16]</c>, <c>truncate[4]</c>, <c>year</c>, <c>month</c>, <c>day</c>, <c>hour</c>.</param>
    /// <param name="name">Of the partition field; null: after column and transform.</param>
    public TableEvolution AddPartitionField(string column, string transform, string? name = null) => Partitioning(draft => draft.Add(column, transform, name));

    public TableEvolution RemovePartitionField(string name) => Partitioning(draft => draft.Remove(name));

    public TableEvolution RenamePartitionField(string name, string newName) => Partitioning(draft => draft.Rename(name, newName));

    /// <summary>Replaces the order that the rows of new files are sorted by; no keys: unsorted.</summary>
    public TableEvolution SortBy(params IReadOnlyList<SortKey> keys)
    {
        TouchesOrder = TouchesSchema = true;
        _steps.Add(draft => draft.SortBy(keys));
        return this;
    }

    public TableEvolution SetProperty(string key, string value) => Step(draft => draft.Properties.Set(key, value));

    /// <summary>Back to the default; nothing happens when it is not set.</summary>
    public TableEvolution RemoveProperty(string key) => Step(draft => draft.Properties.Remove(key));

    TableEvolution Schema(Action<SchemaDraft> step)
    {
        TouchesSchema = true;
        return Step(draft => step(draft.Schema));
    }

    TableEvolution Partitioning(Action<SpecDraft> step)
    {
        TouchesPartitioning = TouchesSchema = true;
        return Step(draft => step(draft.Spec));
    }

    TableEvolution Step(Action<EvolutionDraft> step)
    {
        _steps.Add(step);
        return this;
    }

    /// <returns>The head itself when nothing changes.</returns>
    internal TableMetadata Apply(TableMetadata head, TableName table)
    {
        var draft = new EvolutionDraft(head, table);
        foreach (var step in _steps) step(draft);
        return draft.Build();
    }
}
