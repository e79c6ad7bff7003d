using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Invocation;
using Olist.Streaming.Log;

namespace Olist.FunctionsHost.Durable.Log;

/// <summary>
/// Appends frames with group commit: all that was appended while the last group was written makes up the next. <see cref="Append"/> is
/// called under the caller's lock, in the order that recovery will see; <see cref="WhenDurable"/> from anywhere.
/// </summary>
sealed class DurableLog : IDisposable
{
    readonly LogSegments _segments;
    readonly DurableFlush _flush;
    readonly HostInstruments? _instruments;
    readonly Lock _gate = new();
    readonly IDurableFaults _faults;
    readonly Action<Exception>? _onBroken;
    readonly IWorkLoop _writer;
    ArrayBufferWriter<byte> _filling = new(1 << 16);
    ArrayBufferWriter<byte> _writing = new(1 << 16);
    TaskCompletionSource _nextGroup = NewGroup();
    TaskCompletionSource _currentGroup = NewGroup();
    SafeFileHandle _file;
    long _fileOffset;
    long _appended;
    long _groupEnd;
    long _durable;
    int _rollTo; // 0: no roll waits for the writer
    int _rollAt;
    Exception? _broken;
    bool _closing;

    /// <param name="onBroken">Told why nothing can be written any more, before those who append or wait are: whoever is refused finds its host stopped.</param>
    public DurableLog(
        LogSegments segments, int segment, DurableFlush flush, IWorkThreads threads, HostInstruments? instruments = null, IDurableFaults? faults = null, Action<Exception>? onBroken = null)
    {
        (_segments, _flush, _instruments, _faults, _onBroken) = (segments, flush, instruments, faults ?? new NoFaults(), onBroken);
        Segment = segment;
        (_file, _fileOffset) = Open(segment);
        _writer = threads.StartLoop("durable log", Write);
    }

    /// <summary>Position up to which everything is durable.</summary>
    public long Durable => Volatile.Read(ref _durable);

    /// <summary>Number of the segment that new frames go to.</summary>
    public int Segment { get; private set; }

    /// <summary>Bytes appended since the log was opened: the position of the next frame.</summary>
    public long Position => Volatile.Read(ref _appended);

    /// <returns>The position behind the frame, for <see cref="WhenDurable"/>.</returns>
    /// <exception cref="FunctionsHostException">Writing has failed before; the log is closed for good.</exception>
    public long Append(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > LogFrame.MaxPayloadBytes)
            throw new FunctionsHostException($"A durable record of {payload.Length} bytes is above the limit of {LogFrame.MaxPayloadBytes}; keep large payloads elsewhere and pass references.");
        lock (_gate)
        {
            if (_broken is not null || _closing) throw Closed();
            var wasEmpty = _filling.WrittenCount == 0;
            var span = _filling.GetSpan(LogFrame.HeaderBytes + payload.Length);
            LogFrame.WriteHeader(span, payload);
            payload.CopyTo(span[LogFrame.HeaderBytes..]);
            _filling.Advance(LogFrame.HeaderBytes + payload.Length);
            _appended += LogFrame.HeaderBytes + payload.Length;
            if (wasEmpty) _writer.Signal();
            return _appended;
        }
    }

    /// <summary>Completes when everything up to the position is durable; fails when it can't become so.</summary>
    public Task WhenDurable(long position)
    {
        lock (_gate)
        {
            if (position <= _durable) return Task.CompletedTask;
            if (_broken is not null) return Task.FromException(Closed());
            return position <= _groupEnd ? _currentGroup.Task : _nextGroup.Task;
        }
    }

    /// <summary>What is appended from now on goes to a new segment; returns its number. Call under the caller's lock.</summary>
    /// <exception cref="InvalidOperationException">The last roll is not done: <see cref="WhenRolled"/> was not awaited. Rolling now would put what was appended since into the older segment.</exception>
    public int Roll()
    {
        lock (_gate)
        {
            if (_rollTo != 0) throw new InvalidOperationException($"The durable log has not gone to segment {_rollTo} yet; await {nameof(WhenRolled)} first.");
            Segment++;
            _rollTo = Segment;
            _rollAt = _filling.WrittenCount;
            _writer.Signal();
            return Segment;
        }
    }

    /// <summary>
    /// Completes when the file of the last <see cref="Roll"/> is in use. Before that the older segment must not go, and the log must not roll
    /// again: what was appended since would be written to the older one.
    /// </summary>
    public Task WhenRolled()
    {
        lock (_gate) return _rollTo != 0 ? _nextGroup.Task : _currentGroup.Task;
    }

    /// <summary>While it is held nothing is taken to be written, and only the holder's thread may append: for tests of what happens meanwhile.</summary>
    public Lock.Scope HoldWriter() => _gate.EnterScope();

    /// <summary>Stops at once without writing what is not yet written: for tests of crashes.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _broken ??= new ObjectDisposedException(nameof(DurableLog));
            _filling.ResetWrittenCount();
        }
        Close();
    }

    public void Dispose() => Close();

    void Close()
    {
        lock (_gate)
        {
            if (_closing) return;
            _closing = true;
        }
        _writer.Signal();
        _writer.Dispose();
        _file.Dispose();
    }

    /// <returns>Whether more may come.</returns>
    bool Write()
    {
        int rollAt, rollTo;
        bool closing;
        lock (_gate)
        {
            (_filling, _writing) = (_writing, _filling);
            (_currentGroup, _nextGroup) = (_nextGroup, NewGroup());
            _groupEnd = _appended;
            (rollAt, rollTo) = (_rollAt, _rollTo);
            (_rollAt, _rollTo) = (0, 0);
            closing = _closing;
        }
        try
        {
            if (Volatile.Read(ref _broken) is null) WriteGroup(_writing.WrittenSpan, rollAt, rollTo);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DurableFaultException)
        {
            if (!closing) _onBroken?.Invoke(error);
            lock (_gate) _broken ??= error;
        }
        _writing.ResetWrittenCount();
        if (_writing.Capacity > 16 << 20) _writing = new ArrayBufferWriter<byte>(1 << 16);
        TaskCompletionSource done;
        Exception? broken;
        lock (_gate)
        {
            broken = _broken;
            if (broken is null) _durable = _groupEnd;
            done = _currentGroup;
        }
        if (broken is null) done.SetResult();
        else
        {
            done.TrySetException(Closed()); // A group that was begun after the failure has failed already.
            lock (_gate) done = _nextGroup;
            done.TrySetException(Closed());
            _ = done.Task.Exception; // Seen: nobody may be waiting.
        }
        _ = _currentGroup.Task.Exception;
        return !closing || !IsEmpty();
    }

    bool IsEmpty()
    {
        lock (_gate) return _filling.WrittenCount == 0;
    }

    void WriteGroup(ReadOnlySpan<byte> group, int rollAt, int rollTo)
    {
        _faults.At(DurablePoint.BeforeLogGroupIsWritten, "");
        if (rollTo == 0) WriteOut(group);
        else
        {
            WriteOut(group[..rollAt]);
            _file.Dispose();
            (_file, _fileOffset) = Open(rollTo);
            WriteOut(group[rollAt..]);
        }
        _faults.At(DurablePoint.AfterLogGroupIsWritten, "");
    }

    void WriteOut(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        RandomAccess.Write(_file, bytes, _fileOffset);
        _fileOffset += bytes.Length;
        if (_flush == DurableFlush.Disk) RandomAccess.FlushToDisk(_file);
        _instruments?.OnFlush();
    }

    (SafeFileHandle File, long Offset) Open(int segment)
    {
        var path = _segments.PathOf(segment);
        var isNew = !File.Exists(path);
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        if (isNew && _flush == DurableFlush.Disk) DirectorySync.Flush(_segments.Folder);
        return (file, RandomAccess.GetLength(file));
    }

    FunctionsHostException Closed() =>
        new($"The durable log in {_segments.Folder} can't be written any more ({_broken?.Message ?? "it is closed"}); free space or repair the disk, then restart.", _broken);

    static TaskCompletionSource NewGroup() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
