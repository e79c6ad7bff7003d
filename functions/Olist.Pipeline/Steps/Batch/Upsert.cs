using Olist.Formats.Columns;
using Olist.Lake;

namespace Olist.Pipeline.Steps.Batch;

/// <summary>Merging by key, with a look-up before, so that rows that did not change are not written again.</summary>
public static class Upsert
{
    /// <summary>New and changed rows go in, the old versions of changed ones go out.</summary>
    /// <param name="input">The step's input.</param>
    /// <param name="rows">At most one row per key, in all columns of the target.</param>
    /// <param name="key">The key columns.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    public static async ValueTask<StepOutput> ChangedAsync(StepInput input, RowBatch rows, IReadOnlyList<string> key, CancellationToken cancellationToken)
    {
        var (existing, positions) = await input.LookupTargetAsync(rows.Select(key), cancellationToken);
        return Changed(rows, existing, positions, key);
    }

    /// <summary>The same against rows that were looked up before.</summary>
    public static StepOutput Changed(RowBatch rows, RowBatch existing, RowPositions? positions, IReadOnlyList<string> key) =>
        Diff(rows, existing, positions, key, dropOthers: false);

    /// <summary>Makes the looked-up part of the table hold exactly <paramref name="rows"/>: what is not among them goes.</summary>
    /// <param name="rows">All rows that shall be there, at most one per key.</param>
    /// <param name="existing">All rows that are there, in the same part.</param>
    /// <param name="positions">Where those lie.</param>
    /// <param name="key">The key columns.</param>
    public static StepOutput Replace(RowBatch rows, RowBatch existing, RowPositions? positions, IReadOnlyList<string> key) =>
        Diff(rows, existing, positions, key, dropOthers: true);

    static StepOutput Diff(RowBatch rows, RowBatch existing, RowPositions? positions, IReadOnlyList<string> key, bool dropOthers)
    {
        if (existing.RowCount == 0) return new StepOutput(rows);
        var index = new KeyIndex([.. key.Select(name => existing[name])]);
        var found = index.FindAll([.. key.Select(name => rows[name])]);
        var values = rows.Schema.Select(column => column.Name).Except(key).ToArray();
        var newValues = values.Select(name => rows[name]).ToArray();
        var oldValues = values.Select(name => existing[name]).ToArray();
        var append = new List<int>();
        var delete = new List<int>();
        var met = new bool[existing.RowCount];
        for (var row = 0; row < rows.RowCount; row++)
        {
            if (found[row] >= 0)
            {
                met[found[row]] = true;
                if (KeyHash.AreEqual(newValues, row, oldValues, found[row])) continue;
                delete.Add(found[row]);
            }
            append.Add(row);
        }
        if (dropOthers) delete.AddRange(Rows.Where(existing.RowCount, row => !met[row]));
        return new StepOutput(
            append.Count == rows.RowCount ? rows : rows.Gather([.. append]),
            delete.Count == 0 ? null : positions!.Select([.. delete]));
    }
}
