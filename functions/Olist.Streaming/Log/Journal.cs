using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Olist.Formats.Checksums;

namespace Olist.Streaming.Log;

/// <summary>A file of small entries, each with its length and checksum, appended with one write each and now and then written anew. Not for several threads.</summary>
sealed class Journal : IDisposable
{
    const int FrameBytes = 8;
    const int MaxEntryBytes = 64 << 20;

    readonly string _path;
    readonly bool _sync;
    SafeFileHandle _handle;

    Journal(string path, bool sync, SafeFileHandle handle)
    {
        _path = path;
        _sync = sync;
        _handle = handle;
    }

    public string Path => _path;

    public long Length { get; private set; }

    public SafeFileHandle Handle => _handle;

    /// <summary>Opens or creates the file and gives each entry to <paramref name="replay"/>; a torn end is taken off.</summary>
    /// <exception cref="CorruptLogException">An entry is damaged and good ones follow.</exception>
    public static Journal Open(string path, bool sync, Action<ReadOnlyMemory<byte>> replay, List<RecoveredTail> recovered)
    {
        File.Delete(path + ".new");
        var journal = new Journal(path, sync, File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));
        var bytes = new byte[RandomAccess.GetLength(journal._handle)];
        var length = RandomAccess.Read(journal._handle, bytes, 0);
        var position = 0;
        while (position < length && TryReadEntry(bytes.AsMemory(position, length - position), out var entry))
        {
            replay(entry);
            position += FrameBytes + entry.Length;
        }
        journal.Length = position;
        if (position < length) journal.DropTail(bytes.AsMemory(0, length), position, recovered);
        return journal;
    }

    void DropTail(ReadOnlyMemory<byte> bytes, int position, List<RecoveredTail> recovered)
    {
        for (var at = position + 1; at < bytes.Length; at++)
            if (TryReadEntry(bytes[at..], out _))
                throw new CorruptLogException($"{_path}, byte {position}: an entry is damaged, yet a whole one follows at byte {at}. Restore the file, or remove it: groups then begin where their readers say.");
        RandomAccess.SetLength(_handle, position);
        recovered.Add(new RecoveredTail(_path, position, bytes.Length - position, "the file ends inside an entry"));
    }

    static bool TryReadEntry(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> entry)
    {
        entry = default;
        if (bytes.Length <= FrameBytes) return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span);
        if (length <= 0 || length > bytes.Length - FrameBytes) return false;
        entry = bytes.Slice(FrameBytes, length);
        return Checksum(bytes.Span, entry.Span) == BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[4..]);
    }

    static uint Checksum(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> entry) => Crc32C.Compute(entry, Crc32C.Compute(frame[..4]));

    static byte[] Frame(ReadOnlySpan<byte> entry)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Length, MaxEntryBytes, nameof(entry));
        var frame = new byte[FrameBytes + entry.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, entry.Length);
        entry.CopyTo(frame.AsSpan(FrameBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), Checksum(frame, entry));
        return frame;
    }

    /// <exception cref="StreamingException">The file could not be written; it is as before.</exception>
    public void Append(ReadOnlySpan<byte> entry)
    {
        var frame = Frame(entry);
        try
        {
            RandomAccess.Write(_handle, frame, Length);
        }
        catch (IOException exception)
        {
            RandomAccess.SetLength(_handle, Length);
            throw new StreamingException($"{_path}, byte {Length}: {frame.Length} bytes could not be written: {exception.Message}", exception);
        }
        Length += frame.Length;
    }

    /// <summary>Replaces all entries by one; the file is the old or the new one, whatever happens.</summary>
    public void Rewrite(ReadOnlySpan<byte> entry)
    {
        var frame = Frame(entry);
        var handle = File.OpenHandle(_path + ".new", FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.Write(handle, frame, 0);
        if (_sync) RandomAccess.FlushToDisk(handle);
        File.Move(_path + ".new", _path, overwrite: true);
        if (_sync) DirectorySync.Flush(System.IO.Path.GetDirectoryName(_path)!);
        _handle.Dispose();
        _handle = handle;
        Length = frame.Length;
    }

    public void Dispose() => _handle.Dispose();
}
