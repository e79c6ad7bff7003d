using System.Collections.Concurrent;
using Olist.Formats.Columns;
using Olist.Lake.Tests.Tables;
using Olist.Storage;
using Olist.Testing.Stores;

namespace Olist.Lake.Tests.Properties;

/// <summary>Runs one case on a table and on the model, and compares them after every step. An error must be a typed one; then the step has happened whole or not at all, and given again it happens once.</summary>
sealed class LakeMachine
{
    public const string KeyColumn = "order_id";

    static readonly TableName Name = TestLake.Name;

    /// <summary>How often each operation was done at once, given again after an error, or had nothing to do: what the cases really tried.</summary>
    public static ConcurrentDictionary<string, int> Outcomes { get; } = new(StringComparer.Ordinal);

    readonly InstantClock _clock = new();
    readonly MemoryObjectStore _objects;
    readonly Operations _operations;
    readonly Dictionary<long, Effect?> _raced = [];
    FaultyStore _store;
    LakeTable _table = null!; // opened before the first step
    LakeTable _other = null!; // as above
    int _opened;

    LakeMachine(LakeCase one)
    {
        _objects = new MemoryObjectStore(time: _clock);
        _store = new FaultyStore(_objects);
        Definition = Layouts.Of(one.Layout);
        Model = new LakeModel(Definition.Columns);
        _operations = new Operations(Model);
    }

    public TableDefinition Definition { get; }
    public LakeModel Model { get; }
    public IObjectStore Objects => _objects;

    /// <summary>The table as a process that knows nothing yet sees it.</summary>
    public async Task<LakeTable> ObserveAsync() =>
        await (await LakeCatalog.OpenExistingAsync(_objects, _clock, new LakeOptions { Seed = 1_000_000 + ++_opened, Parallelism = 1 })).GetTableAsync(Name);

    public static async Task<LakeMachine> RunAsync(LakeCase one)
    {
        var machine = new LakeMachine(one);
        await machine.StartAsync();
        for (var i = 0; i < one.Steps.Count; i++)
        {
            try
            {
                await machine.StepAsync(one.Steps[i], i);
            }
            catch (Exception e)
            {
                throw new LakePropertyException($"After step {i + 1}, {one.Steps[i]}: {e.Message}", e);
            }
        }
        try
        {
            await machine.CheckAllAsync();
        }
        catch (Exception e)
        {
            throw new LakePropertyException($"At the end: {e.Message}", e);
        }
        return machine;
    }

    async Task StartAsync()
    {
        var catalog = await LakeCatalog.OpenAsync(_objects, _clock, new LakeOptions { Seed = 1, Parallelism = 1 });
        await catalog.EnsureTableAsync(Name, Definition);
        _table = await OpenAsync(_store);
        _other = await OpenAsync(_objects);
    }

    async Task<LakeTable> OpenAsync(IObjectStore store) =>
        await (await LakeCatalog.OpenExistingAsync(store, _clock, new LakeOptions { Seed = 1 + ++_opened, Parallelism = 1 })).GetTableAsync(Name);

    async Task StepAsync(LakeStep step, int number)
    {
        _clock.Go(TimeSpan.FromMinutes(1 + step.A % 7));
        if (step.Verb == Verb.Reopen) _table = await OpenAsync(_store);
        var operation = _operations.Plan(step, number);
        Arm(step, number);
        var (returned, error) = await TryAsync(operation);
        await SettleAsync(step);
        var applied = Absorb(await ObserveAsync(), operation, returned);
        if (error is not null)
        {
            if (applied && error is not CommitStateUnknownException) throw new LakePropertyException($"It said that nothing was committed, but it was: {error.Message}", error);
            if (step.B % 2 == 0) await RestartAsync();
        }
        // Its last words may have been that it is done.
        if (_store.IsDead) await RestartAsync();
        await _table.RefreshAsync();
        var isSeen = operation.Effect is not null || operation.IsDone is not null;
        if (!applied && error is null && isSeen && !operation.MayDoNothing()) throw new LakePropertyException("It said that it was done, and it was not.");
        if (!applied && error is not null)
        {
            // Without trouble the same work given again is done.
            returned = await operation.Run(_table);
            if (!Absorb(await ObserveAsync(), operation, returned) && isSeen && !operation.MayDoNothing()) throw new LakePropertyException("Given again, it was not done.");
        }
        Outcomes.AddOrUpdate($"{step.Verb} {(error is not null ? applied ? "done all the same" : "given again" : isSeen && !applied ? "with nothing to do" : "done")}", 1, (_, count) => count + 1);
        operation.Judge();
        await CheckAsync(step, number);
    }

    async Task<(LakeSnapshot? Returned, Exception? Error)> TryAsync(Operation operation)
    {
        try
        {
            return (await operation.Run(_table), null);
        }
        catch (Exception e) when (e is StoreException or LakeException)
        {
            return (null, e);
        }
    }

    void Arm(LakeStep step, int number)
    {
        var at = _store.Calls + step.At;
        // Every fourth trouble comes three times in a row: trying again at once does not help then.
        var last = at + (step.B % 4 == 0 ? 2 : 0);
        var fault = step.Trouble switch
        {
            Trouble.Error => Fault.ErrorBefore,
            Trouble.LostAnswer => Fault.LostAnswer,
            Trouble.Slow => Fault.Late,
            Trouble.TornPut => Fault.TornPut,
            Trouble.StaleList => Fault.StaleList,
            Trouble.Crash => Fault.Dead,
            _ => Fault.None,
        };
        _store.LateBy = 1 + step.B % 30;
        _store.Faults = fault switch
        {
            Fault.None => _ => Fault.None,
            Fault.StaleList => _ => fault,
            _ => call => call.Number >= at && call.Number <= last ? fault : Fault.None,
        };
        if (step.Trouble != Trouble.Race) return;
        var raced = false;
        _store.Before = async call =>
        {
            if (raced || call.Number < at) return;
            raced = true;
            foreach (var (snapshot, effect) in await _operations.RaceAsync(_other, step, number)) _raced[snapshot.SnapshotId] = effect;
        };
    }

    /// <summary>The trouble is over; what is on its way arrives. After every other step some of it arrives later, into the steps that follow.</summary>
    async Task SettleAsync(LakeStep step)
    {
        _store.Faults = _ => Fault.None;
        _store.Before = _ => Task.CompletedTask;
        if (step.A % 2 == 0 || _store.HasLateCreate) await _store.SettleAsync();
    }

    async Task RestartAsync()
    {
        await _store.SettleAsync();
        _store = new FaultyStore(_objects);
        _table = await OpenAsync(_store);
    }

    /// <summary>Takes new snapshots, columns and references into the model.</summary>
    /// <returns>Whether the operation was done.</returns>
    bool Absorb(LakeTable observer, Operation operation, LakeSnapshot? returned)
    {
        if (operation.Columns is { } columns && Operations.IsSame(observer.Columns, columns)) Model.Evolve(observer.Schema.SchemaId, columns);
        if (!Operations.IsSame(observer.Columns, Model.Schema)) throw new LakePropertyException($"Columns are {string.Join(", ", observer.Columns)}, not {string.Join(", ", Model.Schema)}.");
        var applied = 0;
        var found = observer.Snapshots.Concat(_operations.TakeRaced()).Append(returned).OfType<LakeSnapshot>().DistinctBy(snapshot => snapshot.SnapshotId)
            .Where(snapshot => !Model.Knows(snapshot.SnapshotId)).OrderBy(snapshot => snapshot.SequenceNumber);
        foreach (var snapshot in found)
        {
            if (_raced.TryGetValue(snapshot.SnapshotId, out var raced)) Model.Add(snapshot, raced);
            else if (snapshot.Operation == "replace") Model.Add(snapshot, null);
            else
            {
                applied++;
                Model.Add(snapshot, operation.Effect ?? throw new LakePropertyException($"Snapshot {snapshot.SnapshotId} ({snapshot.Operation}) came of nothing."));
            }
        }
        if (applied > 1) throw new LakePropertyException($"It was done {applied} times.");
        var head = observer.Current?.SnapshotId;
        var line = Model.LineOf(head).ToHashSet();
        if (Model.Head is { } before && !line.Contains(before) && (operation.MovedTo is null || (operation.MovedTo() is { } target && !line.Contains(target))))
            throw new LakePropertyException($"Snapshot {before}, the head before, is not in the history of {head}.");
        Model.Head = head;
        AbsorbReferences(observer, operation);
        return operation.IsDone?.Invoke(observer) ?? applied > 0;
    }

    void AbsorbReferences(LakeTable observer, Operation operation)
    {
        var found = observer.References.List().Where(reference => reference.Name != "main").ToDictionary(reference => reference.Name, reference => reference.SnapshotId);
        foreach (var name in found.Keys.Union(Model.References.Keys).Where(name => name != operation.Reference))
            if (found.GetValueOrDefault(name) != Model.References.GetValueOrDefault(name)) throw new LakePropertyException($"Reference {name} is at {found.GetValueOrDefault(name)}, not at {Model.References.GetValueOrDefault(name)}.");
        if (operation.Reference is not { } own) return;
        Model.References.Remove(own);
        if (found.TryGetValue(own, out var at)) Model.References[own] = at;
    }

    async Task CheckAsync(LakeStep step, int number)
    {
        var table = number % 2 == 0 ? _table : await ObserveAsync();
        await table.RefreshAsync();
        if (table.Current?.SnapshotId != Model.Head) throw new LakePropertyException($"The head is {table.Current?.SnapshotId}, another process sees {Model.Head}.");
        await CompareAsync(table, null);
        if (table.Snapshots.Count > 0) await CompareAsync(table, table.Snapshots[step.B % table.Snapshots.Count].SnapshotId);
        foreach (var name in Model.References.Keys) await CompareAsync(table, Model.References[name], name);
        if (table.FindSummaryEntry(Operations.MarkKey) is var mark && mark != Model.HeadState.Mark) throw new LakePropertyException($"Summary entry {Operations.MarkKey} is {mark}, not {Model.HeadState.Mark}.");
        // Main may be moved back to any of them, and goes on from there.
        foreach (var id in table.Snapshots.Select(snapshot => snapshot.SnapshotId))
            if (table.FindSummaryEntry(Operations.MarkKey, id) is var then && then != Model.StateOf(id).Mark) throw new LakePropertyException($"Summary entry {Operations.MarkKey} of snapshot {id} is {then}, not {Model.StateOf(id).Mark}.");
    }

    /// <summary>The columns that a snapshot is shown in: at the head of a branch those of now.</summary>
    IReadOnlyList<ColumnSchema> ColumnsOf(long snapshotId) =>
        snapshotId == Model.Head || Model.References.Any(pair => pair.Key != "tag" && pair.Value == snapshotId) ? Model.Schema : Model[snapshotId].Schema;

    /// <summary>All rows of a snapshot (null: the head) are the model's.</summary>
    /// <param name="reference">Its name, when it is to be found by that.</param>
    async Task CompareAsync(LakeTable table, long? snapshotId, string? reference = null)
    {
        var columns = snapshotId is not { } id ? Model.Schema : reference == "tag" ? Model[id].Schema : ColumnsOf(id);
        var rows = new List<string?[]>();
        await foreach (var batch in table.ScanAsync(new ScanRequest { SnapshotId = reference is null ? snapshotId : null, Reference = reference }))
        {
            if (!Operations.IsSame(batch.Schema, columns)) throw new LakePropertyException($"Columns of {reference ?? $"snapshot {snapshotId}"} are {string.Join(", ", batch.Schema)}, not {string.Join(", ", columns)}.");
            rows.AddRange(PlainText.Rows(batch));
        }
        Compare(reference ?? (snapshotId is null ? "the head" : $"snapshot {snapshotId}"), Model.StateOf(snapshotId ?? Model.Head).Project(columns), TableState.Sorted(rows));
    }

    public static void Compare(string what, List<string> expected, List<string> actual)
    {
        if (expected.SequenceEqual(actual)) return;
        var lost = expected.Except(actual).Select(row => $"\n    lost  {row}");
        var more = actual.Except(expected).Select(row => $"\n    wrong {row}");
        throw new LakePropertyException($"{what} has {actual.Count} rows, expected {expected.Count}{string.Concat(lost.Concat(more).Take(12))}");
    }

    /// <summary>Every snapshot that is kept, and then the table tidied up: nothing is left over.</summary>
    async Task CheckAllAsync()
    {
        await _store.SettleAsync();
        var table = await ObserveAsync();
        foreach (var snapshot in table.Snapshots) await CompareAsync(table, snapshot.SnapshotId);
        foreach (var name in Model.References.Keys) await CompareAsync(table, Model.References[name], name);
        await CompareAsync(table, null);
    }

    /// <summary>The table with the model's rows, for the outside readers.</summary>
    public async Task DumpAsync(string test)
    {
        var table = await ObserveAsync();
        var states = new List<TableDump.State> { new(null, table.Schema.SchemaId, RowsOf(Model.HeadState, Model.Schema)) };
        foreach (var snapshot in TableDump.Some(table.Snapshots)) states.Add(new(snapshot.SnapshotId, snapshot.SchemaId, RowsOf(Model.StateOf(snapshot.SnapshotId), Model[snapshot.SnapshotId].Schema)));
        await TableDump.WriteAsync(_objects, Name, test, states, isStrict: true);
    }

    static List<IReadOnlyList<string?>> RowsOf(TableState state, IReadOnlyList<ColumnSchema> columns) =>
        [.. state.Rows.Values.Select(row => columns.Select(column => row.Values.GetValueOrDefault(column.FieldId)).ToArray())];

    /// <summary>At the end everything is tidied up at once: one snapshot, its files, nothing else.</summary>
    public async Task TidyAsync()
    {
        var table = await ObserveAsync();
        foreach (var name in Model.References.Keys) await table.References.DropAsync(name);
        _clock.Go(TimeSpan.FromDays(30));
        var thorough = new LakeMaintenance(new MaintenanceOptions { MinFiles = 2, DeletedRatio = 0, OrphanAge = TimeSpan.FromMinutes(1), MaxSnapshotAge = TimeSpan.Zero, KeepSummaryPrefixes = [] });
        if (await thorough.CompactAsync(table) is { SnapshotId: { } compacted }) Model.Add(table.FindSnapshot(compacted)!, null); // just committed
        Model.Head = table.Current?.SnapshotId;
        await thorough.ExpireAsync(table);
        _clock.Go(TimeSpan.FromHours(1));
        await thorough.RemoveOrphansAsync(table);
        table = await ObserveAsync();
        await CompareAsync(table, null);
        if (table.Current is not { } head) return;
        var files = new List<string>();
        await foreach (var info in _objects.ListAsync("bronze/orders/data/", CancellationToken.None)) files.Add(info.Key);
        var (dataFiles, deleteFiles, rows) = (head.Summary["total-data-files"], head.Summary["total-delete-files"], head.Summary["total-records"]);
        if (table.Snapshots.Count != 1 || $"{files.Count}" != dataFiles || deleteFiles != "0" || rows != $"{Model.HeadState.Rows.Count}")
            throw new LakePropertyException($"Tidied up, the table has {table.Snapshots.Count} snapshots, {files.Count} files of {dataFiles}, {deleteFiles} delete files and {rows} of {Model.HeadState.Rows.Count} rows.");
    }
}
