using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Olist.FunctionsHost.Durable.Log;
using Olist.FunctionsHost.Hosting;

namespace Olist.FunctionsHost.Durable.EntityStore;

/// <summary>
/// A segment of the entity store, immutable: <c>"OLENT1\0\0" | record frames | index frames</c>, frames as in <see cref="LogFrame"/>.
/// It was written as a whole by one checkpoint or merge, or the manifest does not name it. Reads are for several threads.
/// </summary>
sealed class EntitySegment : IDisposable
{
    const int FirstRead = 1024;
    const int EntriesPerFrame = 1 << 15;

    readonly string _path;
    readonly SafeFileHandle _file;

    /// <exception cref="CorruptStateException">The file is missing or has another length.</exception>
    public EntitySegment(string path, SegmentInfo info)
    {
        (_path, Info) = (path, info);
        if (!File.Exists(path)) throw new CorruptStateException($"{path} is missing; restore the state folder from a backup.");
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.RandomAccess);
        var length = RandomAccess.GetLength(_file);
        if (length == info.Bytes) return;
        _file.Dispose();
        throw new CorruptStateException($"{path}, offset {length}: the file has {length} bytes, and the manifest says {info.Bytes}; restore the state folder from a backup.");
    }

    public static ReadOnlySpan<byte> Magic => "OLENT1\0\0"u8;

    public static int MaxEntriesPerFrame => EntriesPerFrame;

    public SegmentInfo Info { get; }

    /// <summary>Records that are an entity's newest; kept by <see cref="EntityDisk"/>.</summary>
    public int Live { get; set; }

    public int Removals { get; set; }

    public long LiveBytes => Info.Records == 0 ? 0 : (long)((double)Info.Bytes * Live / Info.Records);

    public bool IsDisposed => _file.IsClosed;

    /// <summary>The payload of the record at an offset.</summary>
    /// <exception cref="CorruptStateException">There is no sound record.</exception>
    /// <exception cref="ObjectDisposedException">The segment was merged away.</exception>
    public byte[] Read(long offset)
    {
        var first = new byte[(int)Math.Min(FirstRead, Info.Bytes - offset)];
        Fill(first, offset);
        var needed = first.Length < LogFrame.HeaderBytes ? 0 : LogFrame.HeaderBytes + (long)BinaryPrimitives.ReadUInt32LittleEndian(first);
        if (needed > first.Length && needed <= LogFrame.MaxPayloadBytes && needed <= Info.Bytes - offset)
        {
            var whole = new byte[needed];
            first.CopyTo(whole, 0);
            Fill(whole.AsSpan(first.Length), offset + first.Length);
            first = whole;
        }
        return LogFrame.TryRead(first, out var payload) ? payload.ToArray() : throw Damaged(offset);
    }

    /// <summary>Lines of the index, in the order of their records.</summary>
    /// <exception cref="CorruptStateException">The index is damaged.</exception>
    public IEnumerable<SegmentEntry> Entries()
    {
        var left = Info.Records;
        var frame = new byte[LogFrame.HeaderBytes + (Math.Min(left, EntriesPerFrame) * SegmentEntry.Bytes)];
        for (var offset = Info.IndexAt; left > 0;)
        {
            var count = Math.Min(left, EntriesPerFrame);
            var length = (int)Math.Min(LogFrame.HeaderBytes + (count * SegmentEntry.Bytes), Info.Bytes - offset);
            Fill(frame.AsSpan(0, length), offset);
            if (!LogFrame.TryRead(frame.AsSpan(0, length), out var payload) || payload.Length != count * SegmentEntry.Bytes) throw Damaged(offset);
            for (var i = 0; i < count; i++) yield return SegmentEntry.Read(frame.AsSpan(LogFrame.HeaderBytes + (i * SegmentEntry.Bytes)), Info.Number);
            left -= count;
            offset += length;
        }
    }

    public void Dispose() => _file.Dispose();

    void Fill(Span<byte> span, long offset)
    {
        while (!span.IsEmpty)
        {
            var read = RandomAccess.Read(_file, span, offset);
            if (read == 0) throw Damaged(offset);
            span = span[read..];
            offset += read;
        }
    }

    CorruptStateException Damaged(long offset) =>
        new($"{_path}, offset {offset}: this is no sound record of the entity store; restore the state folder from a backup.");
}
