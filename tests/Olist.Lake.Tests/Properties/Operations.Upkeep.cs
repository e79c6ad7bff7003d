namespace Olist.Lake.Tests.Properties;

/// <summary>Maintenance and readers.</summary>
sealed partial class Operations
{
    LakeMaintenance MaintenanceOf(LakeStep step)
    {
        var random = new Random(step.A);
        return new LakeMaintenance(new MaintenanceOptions
        {
            MinFiles = 2 + random.Next(3), DeletedRatio = random.NextDouble() / 2, MaxSnapshotAge = TimeSpan.FromMinutes(random.Next(40)), MinSnapshots = 1 + random.Next(3), OrphanAge = TimeSpan.FromSeconds(30),
            Tiered = random.Next(2) == 0, TierFiles = 2 + random.Next(3), MaxSmallFiles = random.Next(8), SmallTableBytes = random.Next(2) << 20,
            KeepSnapshots = _watermark is { } mark && IsTold(step) ? new Dictionary<TableName, IReadOnlyCollection<long>> { [TestLake.Name] = [mark] } : [],
        });
    }

    static bool IsTold(LakeStep step) => step.B % 5 > 0;

    Operation Expire(LakeStep step)
    {
        if (!IsTold(step)) _isProtected = false;
        return new Operation(async table =>
        {
            await MaintenanceOf(step).ExpireAsync(table);
            return null;
        });
    }

    /// <summary>To one of the last ancestors, chosen when it is done: another expiry may have come in between.</summary>
    static Operation RollBack(LakeStep step)
    {
        long? target = null;
        return new Operation(async table =>
        {
            await table.RefreshAsync();
            var line = new List<LakeSnapshot>();
            for (var at = table.Current; at is not null; at = at.ParentId is { } parent ? table.FindSnapshot(parent) : null) line.Add(at);
            target = line.Count == 0 ? null : line[Math.Min(step.A % 4, line.Count - 1)].SnapshotId;
            try
            {
                if (target is { } id) await LakeMaintenance.RollBackAsync(table, id);
            }
            catch (LakeException e) when (e.Message.Contains("it expired", StringComparison.Ordinal))
            {
                target = null; // refused, by name
            }
            return null;
        })
        { MovedTo = () => target };
    }

    /// <summary>Reads on from where it stands: exactly the rows that were written since and still are as they were written. After a rollback or an expiry it starts again in full.</summary>
    Operation Follow()
    {
        List<string>? read = null;
        IncrementalReadException? refused = null;
        long? from = _watermark, to = null;
        return new Operation(async table =>
        {
            await table.RefreshAsync();
            (read, refused, to) = (null, null, table.Current?.SnapshotId);
            if (to is null) return null;
            try
            {
                read = TableState.Sorted(Tables.PlainText.Rows(await table.ReadAddedAsync(from, to.Value, null)));
            }
            catch (IncrementalReadException e)
            {
                refused = e;
            }
            return null;
        })
        {
            Judge = () =>
            {
                if (to is null) return;
                var line = model.LineOf(to).ToList();
                var known = from is null ? line.Count : line.IndexOf(from.Value);
                if (refused is not null) JudgeRefusal(refused, isAncestor: known >= 0);
                else if (known < 0) throw new LakePropertyException($"Rows added since {from}, which is no ancestor of {to}, can't be told, but were.");
                else
                {
                    var since = line.Take(known).ToHashSet();
                    LakeMachine.Compare($"what {from} to {to} added", TableState.Project(model.StateOf(to).Rows.Values.Where(row => from is null || since.Contains(row.WrittenBy)), model.Schema), read!); // not refused, so read
                }
                (_watermark, _isProtected) = (to, true);
            },
        };
    }

    void JudgeRefusal(IncrementalReadException refused, bool isAncestor)
    {
        var right = refused.Failure switch
        {
            IncrementalReadFailure.RolledBack => !isAncestor,
            // A snapshot that is on no branch any more may go whoever stands at it.
            IncrementalReadFailure.Expired => !isAncestor || !_isProtected,
            IncrementalReadFailure.FilesGone => !_isProtected,
            _ => false,
        };
        if (!right) throw new LakePropertyException($"A reader was refused without need ({refused.Failure}): {refused.Message}");
    }

    Operation LookUp(LakeStep step)
    {
        var random = new Random(step.A);
        var (key, state) = (Key, model.HeadState);
        string[] keys = [.. state.Rows.Keys.Where(_ => random.Next(4) == 0), "nobody"];
        return new Operation(async table =>
        {
            if (table.Current?.SnapshotId is not { } at || at != model.Head) return null; // somebody else was quicker
            var (rows, positions) = await table.LookupAsync(at, RowMaker.Keys(key, keys), null);
            LakeMachine.Compare("a look-up", TableState.Project(model.StateOf(at).Rows.Where(pair => keys.Contains(pair.Key)).Select(pair => pair.Value), model.Schema), TableState.Sorted(Tables.PlainText.Rows(rows)));
            if (rows.RowCount != positions.Count) throw new LakePropertyException($"A look-up gave {rows.RowCount} rows and {positions.Count} positions.");
            return null;
        });
    }
}
