using System.Globalization;
using Olist.Formats.Columns;

namespace Olist.Lake.Tests.Properties;

/// <summary>Makes steps concrete from the rows that the model has.</summary>
sealed partial class Operations(LakeModel model)
{
    /// <summary>A summary entry that every commit of rows writes anew.</summary>
    public const string MarkKey = "olist.mark";

    readonly List<LakeSnapshot> _raced = [];
    readonly HashSet<long> _picked = [];
    int _lastKey;

    // A reader that follows, and whether an expiry was told where it stands.
    long? _watermark;
    bool _isProtected = true;

    public Operation Plan(LakeStep step, int number) => step.Verb switch
    {
        Verb.Append => Append(step, $"{number}"),
        Verb.Merge => Merge(step, $"{number}", inserts: step.B % 4, of: 3),
        Verb.Delete => Merge(step, $"{number}", inserts: 0, of: int.MaxValue),
        Verb.Compact => new Operation(async table => await MaintenanceOf(step).CompactAsync(table) is { SnapshotId: { } id } ? table.FindSnapshot(id) : null),
        Verb.Expire => Expire(step),
        Verb.RemoveOrphans => new Operation(async table =>
        {
            await MaintenanceOf(step).RemoveOrphansAsync(table);
            return null;
        }),
        Verb.RollBack => RollBack(step),
        Verb.Follow => Follow(),
        Verb.LookUp => LookUp(step),
        Verb.Overwrite => Overwrite(step, $"{number}"),
        Verb.Evolve => Evolve(step),
        Verb.Rearrange => Rearrange(step),
        Verb.Refer => Refer(step, $"{number}"),
        Verb.CherryPick => CherryPick(step, $"{number}"),
        _ => Operation.Nothing,
    };

    ColumnSchema Key => model.Schema.First(column => column.Name == LakeMachine.KeyColumn);

    static Dictionary<string, string> Mark(string mark) => new() { [MarkKey] = mark };

    static Effect Put(IReadOnlyCollection<ModelRow> rows, IReadOnlyCollection<string> deletes, int keyId, string mark) => (before, snapshotId) => new TableState(
        before.Rows.RemoveRange(deletes).SetItems(rows.Select(row => KeyValuePair.Create(row.Values[keyId], row with { WrittenBy = snapshotId }))), mark);

    ModelRow[] FreshRows(int count, Random random) => [.. Enumerable.Range(0, count).Select(_ => RowMaker.Make(model.Schema, RowMaker.KeyOf(++_lastKey), random))];

    Operation Append(LakeStep step, string mark)
    {
        var rows = FreshRows(step.A % 9, new Random(step.B));
        // Two batches, as a step that reads its source in pieces gives them.
        var schema = model.Schema;
        var half = rows.Length / 2;
        return new Operation(async table => await table.CommitAsync(new TableChange { Append = [RowMaker.Batch(schema, rows[..half]), RowMaker.Batch(schema, rows[half..])], Summary = Mark(mark) }))
        {
            Effect = Put(rows, [], Key.FieldId, mark),
        };
    }

    /// <param name="of">One of that many known rows is updated, one of eight removed.</param>
    Operation Merge(LakeStep step, string mark, int inserts, int of)
    {
        var random = new Random(step.A);
        var known = model.HeadState.Rows.Keys.ToArray();
        ModelRow[] rows = [.. known.Where(_ => random.Next(of) == 0 && of < int.MaxValue).Take(12).Select(key => RowMaker.Make(model.Schema, key, random)), .. FreshRows(inserts, random)];
        var keyId = Key.FieldId;
        string[] deletes = [.. known.Where(_ => random.Next(8) == 0).Except(rows.Select(row => row.Values[keyId]))];
        return new Operation(table => MergeAsync(table, rows, deletes, mark, ModeOf(step))) { Effect = Put(rows, deletes, keyId, mark) };
    }

    /// <summary>The way a pipeline step does it: look up, commit, and again when somebody else was quicker.</summary>
    async Task<LakeSnapshot?> MergeAsync(LakeTable table, ModelRow[] rows, string[] deletes, string mark, RowLevelMode mode)
    {
        var (schema, key) = (model.Schema, Key);
        for (var attempt = 0; ; attempt++)
        {
            var at = table.Current?.SnapshotId;
            var (_, positions) = await table.LookupAsync(at, RowMaker.Keys(key, [.. rows.Select(row => row.Values[key.FieldId]), .. deletes]), [key.Name]);
            try
            {
                return await table.CommitAsync(new TableChange { Append = rows.Length == 0 ? [] : [RowMaker.Batch(schema, rows)], Delete = positions, BaseSnapshotId = at, Mode = mode, Summary = Mark(mark) });
            }
            catch (CommitConflictException) when (attempt < 3)
            {
                await table.RefreshAsync();
            }
        }
    }

    static RowLevelMode ModeOf(LakeStep step) => step.B % 2 == 0 ? RowLevelMode.MergeOnRead : RowLevelMode.CopyOnWrite;

    /// <summary>Rows that match a filter go, and others may come: judged by the rows that are there when it is committed.</summary>
    Operation Overwrite(LakeStep step, string mark)
    {
        var numbers = model.Schema.Where(column => column.Type.Kind is TypeKind.Int or TypeKind.Long).ToArray();
        var (least, most) = ((long)(step.A % 60 - 30), (long)(step.A % 60 - 30 + step.B % 20));
        var (least2, most2) = (RowMaker.KeyOf(step.A % 30), RowMaker.KeyOf(step.A % 30 + step.B % 9));
        var number = numbers.Length > 0 && step.B % 3 > 0 ? numbers[step.A % numbers.Length] : null;
        var (key, schema) = (Key, model.Schema);
        ColumnRange[] where = number is not null ? [new(number.Name, number.Type.Kind == TypeKind.Int ? (int)least : least, number.Type.Kind == TypeKind.Int ? (int)most : most)] : [new(key.Name, least2, most2)];
        bool Matches(ModelRow row) => number is not null
            ? row.Values.TryGetValue(number.FieldId, out var text) && long.Parse(text, CultureInfo.InvariantCulture) is var value && value >= least && value <= most
            : row.Values[key.FieldId] is var name && string.CompareOrdinal(name, least2) >= 0 && string.CompareOrdinal(name, most2) <= 0;
        var rows = FreshRows(step.A % 3, new Random(step.B));
        var options = new RowLevelOptions { Mode = ModeOf(step), Summary = Mark(mark) };
        return new Operation(async table => rows.Length == 0 ? await table.DeleteAsync(where, options) : await table.OverwriteAsync(where, [RowMaker.Batch(schema, rows)], options))
        {
            Effect = (before, snapshotId) => Put(rows, [.. before.Rows.Where(pair => Matches(pair.Value)).Select(pair => pair.Key)], key.FieldId, mark)(before, snapshotId),
            MayDoNothing = () => rows.Length == 0 && !model.HeadState.Rows.Values.Any(Matches),
        };
    }

    /// <summary>What another writer does in the middle of a step, and what that does to the rows.</summary>
    public async Task<IReadOnlyList<(LakeSnapshot Snapshot, Effect? Effect)>> RaceAsync(LakeTable other, LakeStep step, int number)
    {
        await other.RefreshAsync();
        if (!IsSame(other.Columns, model.Schema)) return []; // an evolution was quicker
        var operation = (step.A % 6) switch
        {
            < 2 => Append(step with { A = 1 + step.A % 3 }, $"race {number}"),
            < 4 => Merge(step with { A = step.A + 1 }, $"race {number}", inserts: 1, of: 4),
            4 => Plan(new LakeStep(Verb.Compact, step.A, step.B), number),
            _ => Expire(step),
        };
        var before = other.Snapshots.Select(snapshot => snapshot.SnapshotId).ToHashSet();
        var snapshot = await operation.Run(other);
        if (snapshot is null || before.Contains(snapshot.SnapshotId)) return [];
        _raced.Add(snapshot);
        return [(snapshot, operation.Effect)];
    }

    /// <summary>Snapshots of races since the last call; one may be expired already.</summary>
    public IReadOnlyList<LakeSnapshot> TakeRaced()
    {
        LakeSnapshot[] raced = [.. _raced];
        _raced.Clear();
        return raced;
    }
}
