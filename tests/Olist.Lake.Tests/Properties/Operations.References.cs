using System.Globalization;

namespace Olist.Lake.Tests.Properties;

/// <summary>Branches, tags, and snapshots picked from one to another.</summary>
sealed partial class Operations
{
    const string SourceKey = "source-snapshot-id";

    Operation Refer(LakeStep step, string mark)
    {
        var name = step.B % 3 == 0 ? "tag" : step.B % 3 == 1 ? "left" : "right";
        var exists = model.References.TryGetValue(name, out var at);
        if (!exists)
        {
            if (model.Head is not { } head) return Operation.Nothing;
            return new Operation(async table =>
            {
                if (name == "tag") await table.References.CreateTagAsync(name, head);
                else await table.References.CreateBranchAsync(name, head);
                return null;
            })
            { Reference = name, IsDone = table => table.References.Find(name)?.SnapshotId == head };
        }
        if (name == "tag" || step.A % 4 == 0)
            return new Operation(async table =>
            {
                await table.References.DropAsync(name);
                return null;
            })
            { Reference = name, IsDone = table => table.References.Find(name) is null };
        if (step.A % 4 == 1 && model.LineOf(at).Contains(model.Head ?? 0) && at != model.Head)
        {
            var isCut = false;
            return new Operation(async table =>
            {
                await table.RefreshAsync();
                // The model knows what has expired between the two; the table can't, and refuses.
                isCut = !IsListed(table, from: at, to: model.Head);
                try
                {
                    await table.References.FastForwardAsync("main", name);
                    Assert.False(isCut);
                }
                catch (LakeException refusal) when (isCut && refusal.Message.Contains("expired", StringComparison.Ordinal))
                {
                    return null;
                }
                return null;
            })
            { IsDone = table => isCut || (table.Current is { } main && model.LineOf(main.SnapshotId).Contains(at)), MayDoNothing = () => isCut };
        }
        var (rows, schema) = (FreshRows(1 + step.A % 4, new Random(step.B)), model.Schema);
        return new Operation(async table => await table.CommitAsync(new TableChange { Branch = name, Append = [RowMaker.Batch(schema, rows)], Summary = Mark(mark) }))
        {
            Reference = name,
            Effect = Put(rows, [], Key.FieldId, mark),
        };
    }

    /// <summary>An append that is not in main's history is brought there. What was picked itself is not picked again: only the first is known to the second.</summary>
    Operation CherryPick(LakeStep step, string mark)
    {
        _ = mark;
        long? source = null;
        return new Operation(async table =>
        {
            source = null;
            await table.RefreshAsync();
            var line = Line(table).ToList();
            var picked = line.Select(snapshot => snapshot.Summary.GetValueOrDefault(SourceKey)).ToHashSet();
            var ids = line.Select(snapshot => snapshot.SnapshotId).ToHashSet();
            // Main's whole history, as what expired of it can't be seen in the table.
            foreach (var id in model.LineOf(model.Head)) ids.Add(id);
            var candidates = table.Snapshots.Where(snapshot => snapshot.Operation == "append" && !ids.Contains(snapshot.SnapshotId) && model.Knows(snapshot.SnapshotId) && !snapshot.Summary.ContainsKey(SourceKey)
                && !picked.Contains(snapshot.SnapshotId.ToString(CultureInfo.InvariantCulture)) && !_picked.Contains(snapshot.SnapshotId)).ToArray();
            if (candidates.Length == 0) return null;
            source = candidates[step.A % candidates.Length].SnapshotId;
            var result = await table.References.CherryPickAsync(source.Value);
            return result.SnapshotId == source ? null : result;
        })
        {
            Effect = (before, snapshotId) =>
            {
                _picked.Add(source!.Value); // a snapshot came of it, so there was one
                var rows = model.StateOf(source).Rows.Values.Where(row => row.WrittenBy == source).ToArray();
                return Put(rows, [], Key.FieldId, before.Mark!)(before, snapshotId);
            },
            IsDone = table => source is { } id && Line(table).Any(snapshot => snapshot.SnapshotId == id || snapshot.Summary.GetValueOrDefault(SourceKey) == id.ToString(CultureInfo.InvariantCulture)),
            MayDoNothing = () => source is null,
        };
    }

    static bool IsListed(LakeTable table, long from, long? to)
    {
        var snapshot = table.FindSnapshot(from);
        while (snapshot is not null && snapshot.SnapshotId != to) snapshot = snapshot.ParentId is { } parent ? table.FindSnapshot(parent) : null;
        return snapshot is not null;
    }

    static IEnumerable<LakeSnapshot> Line(LakeTable table)
    {
        for (var at = table.Current; at is not null; at = at.ParentId is { } parent ? table.FindSnapshot(parent) : null) yield return at;
    }
}
