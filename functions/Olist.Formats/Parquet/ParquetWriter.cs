using Olist.Formats.Columns;
using Olist.Formats.Parquet.Writing;

namespace Olist.Formats.Parquet;

/// <summary>Writes one Parquet file of flat columns, strictly forward.</summary>
/// <remarks>
/// Batches are kept, not copied, until a row group is full; then its columns are encoded, side by side when there is much to do, and written. So a writer holds about two row groups' worth of bytes.
/// Not safe for several threads. The stream stays open and belongs to the caller; without <see cref="CompleteAsync"/> what it got is no Parquet file.
/// </remarks>
public sealed class ParquetWriter : IAsyncDisposable
{
    readonly RowGroupCollector _rows;
    readonly FileAssembler _file;
    readonly IReadOnlyList<ColumnSchema> _schema;
    bool _isDone;

    /// <param name="output">Only written to, from where it stands; need not be seekable.</param>
    /// <param name="schema">The columns; every batch has these, in this order.</param>
    /// <param name="options">Defaults when <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">Two columns of one name, or a type that Parquet does not have.</exception>
    public ParquetWriter(Stream output, IReadOnlyList<ColumnSchema> schema, ParquetWriterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(schema);
        options ??= new ParquetWriterOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RowGroupBytes, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PageBytes, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PageRows, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxParallelism, 1, nameof(options));
        if (schema.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"Two columns are called {twice.Key}.", nameof(schema));
        if (schema.FirstOrDefault(column => column.Type.IsNested) is { } nested) throw new ArgumentException($"Column {nested.Name} is {nested.Type}; nested columns are read, but not written.", nameof(schema));
        _schema = schema;
        _rows = new RowGroupCollector(schema, options.RowGroupBytes);
        _file = new FileAssembler(output, schema, options);
    }

    /// <summary>Takes the rows of a batch; its columns must not change until the writer is done.</summary>
    /// <exception cref="ArgumentException">The batch has other columns, or a null where the schema requires a value; nothing of it is taken.</exception>
    public async ValueTask WriteAsync(RowBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (_isDone) throw new InvalidOperationException("The file is complete.");
        BatchCheck.Check(_schema, batch);
        var start = 0;
        while (start < batch.RowCount)
        {
            start += _rows.Take(batch, start);
            if (_rows.IsFull) await FlushAsync(cancellationToken);
        }
    }

    /// <summary>Writes the last row group and the footer, and flushes the stream.</summary>
    public async ValueTask<ParquetFileSummary> CompleteAsync(CancellationToken cancellationToken)
    {
        if (_isDone) throw new InvalidOperationException("The file is complete.");
        if (_rows.RowCount > 0) await FlushAsync(cancellationToken);
        _isDone = true;
        return await _file.CompleteAsync(cancellationToken);
    }

    async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _file.WriteRowGroupAsync(_rows.Close(), cancellationToken);
        _rows.Clear();
    }

    public ValueTask DisposeAsync()
    {
        _isDone = true;
        _file.Dispose();
        return ValueTask.CompletedTask;
    }
}
