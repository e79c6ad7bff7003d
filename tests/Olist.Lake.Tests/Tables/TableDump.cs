using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Olist.Storage;

namespace Olist.Lake.Tests.Tables;

/// <summary>Writes tables of this suite into a folder, each with the rows that it must have, for the readers that nobody here wrote (tests/readers/lake-tables.test.mjs).</summary>
/// <remarks>Only when <c>OLIST_LAKE_TABLES</c> names the folder, which <c>infra/test.sh</c> does. Each table gets a folder of its own: its files as they lie in the store, and <c>expected.json</c>.</remarks>
static class TableDump
{
    /// <summary>States per table that are written out, the head among them.</summary>
    const int MaxStates = 4;

    /// <summary>Larger tables are other tests' matter; what is left out is said.</summary>
    const int MaxFiles = 2_000, MaxRows = 50_000;

    static readonly ConcurrentDictionary<string, int> Names = new(StringComparer.Ordinal);

    public static string? Folder { get; } = Environment.GetEnvironmentVariable("OLIST_LAKE_TABLES") is { Length: > 0 } folder ? folder : null;

    /// <summary>Rows of one snapshot (null: the head, in the current schema), in the order of the schema's columns, as <see cref="PlainText"/>.</summary>
    public sealed record State(long? SnapshotId, int SchemaId, IReadOnlyList<IReadOnlyList<string?>> Rows);

    /// <summary>The table as this project's own reader sees it: for tests that have looked at the rows themselves.</summary>
    public static async Task WriteAsync(IObjectStore store, LakeTable table, string test)
    {
        var states = new List<State> { new(null, table.Schema.SchemaId, await RowsAsync(table, null)) };
        foreach (var snapshot in Some(table.Snapshots)) states.Add(new State(snapshot.SnapshotId, SchemaIdOf(table, snapshot), await RowsAsync(table, snapshot.SnapshotId)));
        await WriteAsync(store, table.Name, test, states, isStrict: false);
    }

    /// <summary>Heads of branches are shown in the columns of now.</summary>
    static int SchemaIdOf(LakeTable table, LakeSnapshot snapshot) =>
        table.References.List().Any(reference => reference.Kind == ReferenceKind.Branch && reference.SnapshotId == snapshot.SnapshotId) ? table.Schema.SchemaId : snapshot.SchemaId;

    /// <summary>First, last and some in between.</summary>
    public static IEnumerable<T> Some<T>(IReadOnlyList<T> all) => all.Count < MaxStates ? all : Enumerable.Range(0, MaxStates - 1).Select(i => all[i * (all.Count - 1) / (MaxStates - 2)]);

    public static async Task<List<string?[]>> RowsAsync(LakeTable table, long? snapshotId)
    {
        var rows = new List<string?[]>();
        await foreach (var batch in table.ScanAsync(snapshotId, null)) rows.AddRange(PlainText.Rows(batch));
        return rows;
    }

    /// <param name="isStrict">Whether the rules of the format are checked too: not where a test spoils metadata on purpose.</param>
    public static async Task WriteAsync(IObjectStore store, TableName table, string test, IReadOnlyList<State> states, bool isStrict)
    {
        var files = new List<string>();
        await foreach (var info in store.ListAsync($"{table.Namespace}/{table.Name}/", CancellationToken.None)) files.Add(info.Key);
        if (files.Count > MaxFiles || states.Any(state => state.Rows.Count > MaxRows))
        {
            Skip(test, $"more than {MaxFiles} files or {MaxRows} rows");
            return;
        }
        var folder = NewFolder(test);
        foreach (var key in files)
        {
            var path = Path.Combine(folder, key);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!); // below the folder, so there is one
            await File.WriteAllBytesAsync(path, await store.ReadAsync(key, CancellationToken.None));
        }
        var json = JsonSerializer.SerializeToUtf8Bytes(new
        {
            test,
            folder = $"{table.Namespace}/{table.Name}",
            strict = isStrict,
            states = states.Select(state => new { snapshot = state.SnapshotId?.ToString(CultureInfo.InvariantCulture), schema = state.SchemaId, rows = state.Rows }),
        });
        await File.WriteAllBytesAsync(Path.Combine(folder, "expected.json"), json);
    }

    /// <summary>A table that is not written out, and why: counted where the others are read.</summary>
    public static void Skip(string test, string why) => File.WriteAllText(Path.Combine(NewFolder(test), "skipped.json"), JsonSerializer.Serialize(new { test, why }));

    static string NewFolder(string test)
    {
        var name = string.Concat(test.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
        if (name.Length > 100) name = name[..100];
        var folder = Path.Combine(Folder!, string.Create(CultureInfo.InvariantCulture, $"{name}-{Names.AddOrUpdate(name, 1, (_, last) => last + 1)}")); // asked for only when there is one
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        return folder;
    }
}
