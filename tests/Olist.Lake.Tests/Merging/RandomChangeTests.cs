using System.Globalization;
using Olist.Formats.Columns;

namespace Olist.Lake.Tests.Merging;

/// <summary>A random sequence of changes of rows, schema, partitioning and order, both ways of removing rows, with compaction in between, against a dictionary; a reader follows.</summary>
public sealed class RandomChangeTests
{
    const int Steps = 40;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    Random _random = new(0);
    readonly Dictionary<long, Dictionary<int, object?>> _rows = [];
    readonly HashSet<long> _written = [];
    int _names;
    TestLake _lake = null!; // made first thing

    LakeTable Table => _lake.Table;

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public Task The_table_holds_what_the_dictionary_holds(int seed) => RunAsync(seed);

    [Fact(Explicit = true)]
    public async Task Many_seeds()
    {
        for (var seed = 100; seed < 400; seed++)
        {
            TestContext.Current.SendDiagnosticMessage("seed {0}", seed);
            await new RandomChangeTests().RunAsync(seed);
        }
    }

    async Task RunAsync(int seed)
    {
        _random = new Random(seed);
        _lake = await TestLake.CreateAsync(new TableDefinition([new(1, "id", DataType.Int, Required: true), new(2, "a", DataType.Int), new(3, "b", DataType.String), new(4, "c", DataType.Float)]) { Key = ["id"] });
        await WriteAsync(20);
        var from = Table.Current!.SnapshotId;
        _written.Clear();
        for (var step = 0; step < Steps; step++)
        {
            await StepAsync(_random.Next(12));
            Assert.Equal(Expected(_rows.Keys), await Cells.ReadAsync(_random.Next(4) == 0 ? await _lake.ReopenAsync() : Table));
            if (_random.Next(4) != 0) continue;
            var added = await Table.ReadAddedAsync(from, Table.Current!.SnapshotId, null, Token);
            Assert.Equal(Expected(_written.Where(_rows.ContainsKey)), Cells.Of(added).Order(StringComparer.Ordinal));
            from = Table.Current!.SnapshotId;
            _written.Clear();
        }
    }

    Task StepAsync(int kind) => kind switch
    {
        0 or 1 => WriteAsync(_random.Next(1, 6)),
        2 or 3 or 4 => MergeAsync(),
        5 => DeleteAsync(),
        6 => UpdateAsync(),
        7 => EvolveColumnsAsync(),
        8 => Table.EvolveAsync(e => Repartition(e), Token).AsTask(),
        9 => Table.EvolveAsync(e => e.SortBy([.. Table.Columns.Where(_ => _random.Next(4) == 0).Select(column => new SortKey(column.Name, _random.Next(2) == 0, _random.Next(2) == 0))]), Token).AsTask(),
        10 => new LakeMaintenance(new MaintenanceOptions { MinFiles = 2 }).CompactAsync(Table, Token).AsTask(),
        _ => Table.EvolveAsync(e => e.SetProperty(_random.Next(2) == 0 ? "write.merge.mode" : "write.delete.mode", _random.Next(2) == 0 ? "copy-on-write" : "merge-on-read"), Token).AsTask(),
    };

    string[] Expected(IEnumerable<long> ids) => [.. ids.Select(id => string.Join(' ', Table.Columns.Select(column => $"{column.Name}={Text(column.FieldId == 1 ? id : _rows[id].GetValueOrDefault(column.FieldId))}"))).Order(StringComparer.Ordinal)];

    static string Text(object? value) => value switch { null => "-", float single => single.ToString("R", CultureInfo.InvariantCulture), _ => Convert.ToString(value, CultureInfo.InvariantCulture)! };

    object? Value(ColumnSchema column) => _random.Next(4) == 0 ? null : column.Type.Kind switch
    {
        TypeKind.Int => _random.Next(50),
        TypeKind.Long => (long)_random.Next(50),
        TypeKind.Float => _random.Next(50) / 2f,
        TypeKind.Double => _random.Next(50) / 2.0,
        _ => $"t{_random.Next(5)}",
    };

    object? Key(long id) => Table.Columns.Single(column => column.FieldId == 1).Type.Kind switch { TypeKind.Int => (int)id, TypeKind.Long => id, _ => null };

    /// <summary>New rows for the ids, also in the dictionary; the key comes first.</summary>
    RowBatch Rows(IEnumerable<long> ids)
    {
        var columns = Table.Columns.OrderByDescending(column => column.FieldId == 1).ToArray();
        var rows = new List<object?[]>();
        foreach (var id in ids)
        {
            var values = columns.Skip(1).Select(Value).ToArray();
            _rows[id] = columns.Skip(1).Zip(values).ToDictionary(pair => pair.First.FieldId, pair => pair.Second);
            _written.Add(id);
            rows.Add([Key(id), .. values]);
        }
        return Cells.Batch(Table, [.. columns.Select(column => column.Name)], [.. rows]);
    }

    long[] Some(int count) => [.. _rows.Keys.OrderBy(_ => _random.Next()).Take(count)];

    async Task WriteAsync(int count)
    {
        var from = _rows.Keys.DefaultIfEmpty(0).Max() + 1;
        await Table.CommitAsync(new TableChange { Append = [Rows(Enumerable.Range(0, count).Select(i => from + i))] }, Token);
    }

    async Task MergeAsync()
    {
        var (changed, gone) = (Some(_random.Next(5)), Some(_random.Next(3)));
        changed = [.. changed.Except(gone), .. _random.Next(2) == 0 ? (long[])[_rows.Keys.DefaultIfEmpty(0).Max() + 1] : []];
        var (key, at) = (Table.Columns.Single(column => column.FieldId == 1).Name, Table.Current!.SnapshotId);
        if (changed.Length + gone.Length == 0) return;
        var (_, positions) = await Table.LookupAsync(at, Cells.Batch(Table, [key], [.. changed.Concat(gone).Select(id => (object?[])[Key(id)])]), [key], Token);
        foreach (var id in gone) _rows.Remove(id);
        await Table.CommitAsync(new TableChange { Append = changed.Length == 0 ? [] : [Rows(changed)], Delete = positions, BaseSnapshotId = at, Mode = _random.Next(3) switch { 0 => RowLevelMode.CopyOnWrite, 1 => RowLevelMode.MergeOnRead, _ => null } }, Token);
    }

    /// <summary>A range of some column, and the ids of the rows in it.</summary>
    (ColumnRange Range, long[] Ids) Filter()
    {
        var column = Table.Columns[_random.Next(Table.Columns.Count)];
        if (column.Type.Kind == TypeKind.String)
        {
            var text = $"t{_random.Next(5)}";
            return (ColumnRange.EqualTo(column.Name, text), [.. _rows.Where(row => (string?)row.Value.GetValueOrDefault(column.FieldId) == text).Select(row => row.Key)]);
        }
        var least = _random.Next(40);
        var most = least + _random.Next(15);
        bool IsIn(object? value) => value is not null && Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number && number >= least && number <= most;
        object Bound(int number) => column.Type.Kind switch { TypeKind.Int => (object)number, TypeKind.Long => (long)number, _ => (double)number };
        return (new ColumnRange(column.Name, Bound(least), Bound(most)), [.. _rows.Where(row => IsIn(column.FieldId == 1 ? row.Key : row.Value.GetValueOrDefault(column.FieldId))).Select(row => row.Key)]);
    }

    async Task DeleteAsync()
    {
        var (range, ids) = Filter();
        var snapshot = await Table.DeleteAsync([range], new RowLevelOptions { Mode = _random.Next(2) == 0 ? RowLevelMode.CopyOnWrite : null }, Token);
        Assert.Equal(ids.Length == 0, snapshot is null);
        foreach (var id in ids) _rows.Remove(id);
    }

    async Task UpdateAsync()
    {
        var (range, ids) = Filter();
        RowBatch? fresh = null;
        await Table.OverwriteAsync([range], ids.Length == 0 ? [] : [fresh = Rows(ids)], new RowLevelOptions { Mode = _random.Next(2) == 0 ? RowLevelMode.CopyOnWrite : null }, Token);
        Assert.Equal(ids.Length, fresh?.RowCount ?? 0);
    }

    Task EvolveColumnsAsync() => Table.EvolveAsync(e =>
    {
        var column = Table.Columns[_random.Next(Table.Columns.Count)];
        switch (_random.Next(5))
        {
            case 0:
                e.AddColumn($"n{_names++}", _random.Next(3) switch { 0 => DataType.Int, 1 => DataType.String, _ => DataType.Float }, ColumnPosition.Before(column.Name));
                break;
            case 1 when column.FieldId != 1 && Table.Partitioning.Fields.All(field => field.SourceId != column.FieldId):
                e.SortBy().DropColumn(column.Name); // a name that was free comes again some time
                e.AddColumn(column.Name, DataType.String);
                break;
            case 2 when column.Type.Kind == TypeKind.Int:
                e.WidenColumn(column.Name, DataType.Long);
                break;
            case 2 when column.Type.Kind == TypeKind.Float:
                e.WidenColumn(column.Name, DataType.Double);
                break;
            case 3:
                e.RenameColumn(column.Name, $"m{_names++}");
                break;
            default:
                e.MoveColumn(column.Name, ColumnPosition.First);
                break;
        }
    }, Token).AsTask();

    void Repartition(TableEvolution evolution)
    {
        foreach (var field in Table.Partitioning.Fields.Where(_ => _random.Next(2) == 0)) evolution.RemovePartitionField(field.Name);
        if (Table.Partitioning.Fields.Count > 2) return;
        var column = Table.Columns[_random.Next(Table.Columns.Count)];
        var transform = column.Type.Kind is TypeKind.Float or TypeKind.Double ? null : _random.Next(2) == 0 ? "bucket[3]" : column.Type.Kind == TypeKind.String ? "identity" : "truncate[20]";
        if (transform is not null && Table.Partitioning.Fields.All(field => field.SourceId != column.FieldId)) evolution.AddPartitionField(column.Name, transform, $"p{_names++}");
    }
}
