using Olist.Formats.Columns;
using Olist.Lake;

namespace Olist.Pipeline.Steps.Batch;

/// <summary>One source of a step: what it gained between the target's watermark and the snapshot that the run is pinned to. Safe to look into from several threads.</summary>
public sealed class SourceDelta
{
    readonly LakeTable? _table;
    long _rowsRead;

    internal SourceDelta(string name, LakeTable? table, long? from, long? to)
    {
        Name = name;
        _table = table;
        From = from;
        To = to;
    }

    public string Name { get; }

    /// <summary>The watermark, exclusive; <see langword="null"/> when the target has taken in nothing of this source yet.</summary>
    public long? From { get; }

    /// <summary>The pinned snapshot, inclusive; <see langword="null"/> when the source has no rows yet.</summary>
    public long? To { get; }

    public bool HasChanges => To is not null && From != To;

    /// <summary>Whether rows before the delta exist, so that a look-up can find what the delta does not hold.</summary>
    public bool HasHistory => From is not null;

    /// <summary>Whether nothing of the source changed or went since the watermark, so that every row of the delta has a key that was not there before.</summary>
    public bool OnlyAdds => _table is not null && (From is not { } from || To is not { } to || _table.OnlyAdds(from, to));

    /// <summary>Rows read by this delta and its look-ups so far.</summary>
    public long RowsRead => Interlocked.Read(ref _rowsRead);

    /// <summary>The gained rows, in their state as of <see cref="To"/>.</summary>
    public async ValueTask<RowBatch> ReadAsync(IReadOnlyList<string> columns, CancellationToken cancellationToken)
    {
        if (_table is null) throw new InvalidOperationException($"{Name} has no table to read.");
        var rows = HasChanges
            ? await _table.ReadAddedAsync(From, To!.Value, columns, cancellationToken)
            : RowBatch.Empty(Schema(_table, columns));
        Interlocked.Add(ref _rowsRead, rows.RowCount);
        return rows;
    }

    /// <summary>Rows as of <see cref="To"/> whose columns equal those of a key; the whole history, not only the delta.</summary>
    public ValueTask<RowBatch> LookupAsync(RowBatch keys, IReadOnlyList<string> columns, CancellationToken cancellationToken) =>
        LookupAsync(To, keys, columns, cancellationToken);

    /// <summary>Rows as of the watermark: what the target was computed from.</summary>
    public ValueTask<RowBatch> LookupBeforeAsync(RowBatch keys, IReadOnlyList<string> columns, CancellationToken cancellationToken) =>
        LookupAsync(From, keys, columns, cancellationToken);

    async ValueTask<RowBatch> LookupAsync(long? snapshot, RowBatch keys, IReadOnlyList<string> columns, CancellationToken cancellationToken)
    {
        if (_table is null) throw new InvalidOperationException($"{Name} has no table to look into.");
        if (snapshot is null || keys.RowCount == 0) return RowBatch.Empty(Schema(_table, columns));
        var (rows, _) = await _table.LookupAsync(snapshot, keys, columns, cancellationToken);
        Interlocked.Add(ref _rowsRead, rows.RowCount);
        return rows;
    }

    static ColumnSchema[] Schema(LakeTable table, IReadOnlyList<string> columns) =>
        [.. columns.Select(name => table.Columns.First(column => column.Name == name))];
}
