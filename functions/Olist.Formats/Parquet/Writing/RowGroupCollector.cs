using Olist.Formats.Columns;

namespace Olist.Formats.Parquet.Writing;

/// <summary>Rows that wait for their row group to be full. Large batches are only referred to; small ones are joined, so that many of them cost no more than one.</summary>
sealed class RowGroupCollector(IReadOnlyList<ColumnSchema> schema, long maxBytes)
{
    const int SmallBatchRows = 512;

    /// <summary>More rows than anybody's row groups; keeps all counts of a group in an int.</summary>
    const int MaxRows = 1 << 28;

    readonly List<ColumnRun>[] _runs = schema.Select(_ => new List<ColumnRun>(1)).ToArray();
    RowBatchBuilder? _small;
    long _bytes;

    public int RowCount { get; private set; }

    public bool IsFull => _bytes >= maxBytes || RowCount >= MaxRows;

    /// <summary>Takes as many rows, from <paramref name="start"/> on, as the group has room for; at least one.</summary>
    public int Take(RowBatch batch, int start)
    {
        var left = batch.RowCount - start;
        var bytes = Math.Max(1, BytesOf(batch, start));
        var fits = bytes <= maxBytes - _bytes ? left : (long)((double)left * (maxBytes - _bytes) / bytes);
        var taken = (int)Math.Clamp(fits, 1, Math.Min(left, MaxRows - RowCount));
        if (taken < SmallBatchRows && (batch.RowCount < SmallBatchRows || _small is not null)) TakeSmall(batch, start, taken);
        else
        {
            CloseSmall();
            for (var i = 0; i < _runs.Length; i++) _runs[i].Add(new ColumnRun(batch.Columns[i], start, taken));
        }
        // Rounded up, so that a group whose room is nearly gone counts as full.
        _bytes += taken == left ? bytes : Math.Max(1, (long)Math.Ceiling((double)bytes * taken / left));
        if (taken < left) _bytes = Math.Max(_bytes, maxBytes);
        RowCount += taken;
        return taken;
    }

    /// <summary>The runs of every column.</summary>
    public IReadOnlyList<IReadOnlyList<ColumnRun>> Close()
    {
        CloseSmall();
        return _runs;
    }

    public void Clear()
    {
        foreach (var runs in _runs) runs.Clear();
        _bytes = 0;
        RowCount = 0;
    }

    void TakeSmall(RowBatch batch, int start, int count)
    {
        if (_small is null && RowCount == 0 && start == 0 && count == batch.RowCount && _runs[0].Count == 0)
        {
            // The only batch of a small file is not copied at all; when a second one comes, it stays a run of its own.
            for (var i = 0; i < _runs.Length; i++) _runs[i].Add(new ColumnRun(batch.Columns[i], 0, count));
            return;
        }
        _small ??= new RowBatchBuilder(schema, SmallBatchRows);
        for (var i = 0; i < _runs.Length; i++) _small.Columns[i].AppendRange(batch.Columns[i], start, count);
    }

    void CloseSmall()
    {
        if (_small is null) return;
        var joined = _small.Build();
        _small = null;
        for (var i = 0; i < _runs.Length; i++) _runs[i].Add(new ColumnRun(joined.Columns[i], 0, joined.RowCount));
    }

    static long BytesOf(RowBatch batch, int start)
    {
        long bytes = 0;
        foreach (var column in batch.Columns)
            bytes += column switch
            {
                BytesColumn { Codes: null } plain => plain.Offsets[column.Count] - plain.Offsets[start] + 4L * (column.Count - start),
                BytesColumn coded => BytesOfCoded(coded, start),
                ValueColumn<byte> => column.Count - start,
                ValueColumn<int> or ValueColumn<float> => 4L * (column.Count - start),
                _ => 8L * (column.Count - start),
            };
        return bytes;
    }

    static long BytesOfCoded(BytesColumn column, int start)
    {
        long bytes = 0;
        for (var row = start; row < column.Count; row++)
            if (!column.IsNull(row)) bytes += column.Offsets[column.Codes![row] + 1] - column.Offsets[column.Codes[row]] + 4;
        return bytes;
    }
}
