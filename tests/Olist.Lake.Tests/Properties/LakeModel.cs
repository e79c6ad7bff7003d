using System.Collections.Immutable;
using Olist.Formats.Columns;

namespace Olist.Lake.Tests.Properties;

/// <summary>A row of the model: plain text by field id (see PlainText), no entry for null, and the snapshot that wrote it last.</summary>
sealed record ModelRow(ImmutableDictionary<int, string> Values, long WrittenBy);

/// <summary>All rows of one snapshot by key, and the newest value of the summary entry that every commit writes.</summary>
sealed record TableState(ImmutableSortedDictionary<string, ModelRow> Rows, string? Mark)
{
    public static TableState Empty { get; } = new(ImmutableSortedDictionary.Create<string, ModelRow>(StringComparer.Ordinal), null);

    /// <summary>The rows as a reader with this schema sees them, sorted.</summary>
    public List<string> Project(IEnumerable<ColumnSchema> columns) => Project(Rows.Values, columns);

    public static List<string> Project(IEnumerable<ModelRow> rows, IEnumerable<ColumnSchema> columns)
    {
        var ids = columns.Select(column => column.FieldId).ToArray();
        return Sorted(rows.Select(row => ids.Select(id => row.Values.GetValueOrDefault(id))));
    }

    public static List<string> Sorted(IEnumerable<IEnumerable<string?>> rows) => [.. rows.Select(row => string.Join(" | ", row.Select(value => value ?? "null"))).Order(StringComparer.Ordinal)];
}

/// <summary>What a snapshot does to the rows of the one before.</summary>
delegate TableState Effect(TableState before, long snapshotId);

/// <summary>A snapshot that was ever committed, expired or not.</summary>
sealed record ModelSnapshot(long Id, long? ParentId, TableState State, IReadOnlyList<ColumnSchema> Schema);

/// <summary>The table as plain values in memory: every snapshot there ever was, each with all of its rows.</summary>
sealed class LakeModel(IReadOnlyList<ColumnSchema> schema)
{
    readonly Dictionary<long, ModelSnapshot> _snapshots = [];

    readonly Dictionary<int, IReadOnlyList<ColumnSchema>> _schemas = new() { [0] = schema };

    public IReadOnlyList<ColumnSchema> Schema { get; private set; } = schema;

    /// <summary>The highest field id that was ever given away.</summary>
    public int LastColumnId { get; set; } = schema.Max(column => column.FieldId);

    /// <summary>Branches and tags, without main.</summary>
    public Dictionary<string, long> References { get; } = new(StringComparer.Ordinal);

    /// <param name="schemaId">The table's name for it.</param>
    public void Evolve(int schemaId, IReadOnlyList<ColumnSchema> schema) => _schemas[schemaId] = Schema = schema;

    public long? Head { get; set; }

    public TableState HeadState => StateOf(Head);

    public TableState StateOf(long? snapshotId) => snapshotId is { } id ? this[id].State : TableState.Empty;

    public bool Knows(long snapshotId) => _snapshots.ContainsKey(snapshotId);

    public ModelSnapshot this[long snapshotId] => _snapshots.TryGetValue(snapshotId, out var known) ? known : throw new LakePropertyException($"Snapshot {snapshotId} came of nothing.");

    public void Add(LakeSnapshot snapshot, Effect? effect)
    {
        var before = StateOf(snapshot.ParentId);
        _snapshots.Add(snapshot.SnapshotId, new ModelSnapshot(snapshot.SnapshotId, snapshot.ParentId, effect is null ? before : effect(before, snapshot.SnapshotId), _schemas[snapshot.SchemaId]));
    }

    /// <summary>The snapshot and all before it, newest first, whether they are still listed or not.</summary>
    public IEnumerable<long> LineOf(long? snapshotId)
    {
        for (var at = snapshotId; at is { } id; at = this[id].ParentId) yield return id;
    }
}
