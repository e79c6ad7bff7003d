using Microsoft.Win32.SafeHandles;

namespace Olist.Streaming.Log;

/// <summary>Walks the batches of a segment file from its beginning.</summary>
sealed class SegmentScan(SafeFileHandle handle, long baseOffset, bool allowGaps, bool verifyBodies)
{
    /// <summary>Heads alone are far apart; whole batches are read in bulk.</summary>
    readonly int _windowBytes = verifyBodies ? 1 << 20 : 4096;

    byte[] _window = [];
    long _windowStart;
    int _windowLength;
    long _expectedOffset = baseOffset;

    public long FileLength { get; } = RandomAccess.GetLength(handle);

    /// <summary>After the last good batch.</summary>
    public long Position { get; private set; }

    /// <summary>What is wrong at <see cref="Position"/>, when the walk ended before the end of the file.</summary>
    public string? Problem { get; private set; }

    public bool TryNext(out BatchHeader header, out int position)
    {
        header = default;
        position = (int)Position;
        if (Position == FileLength) return false;
        Problem = Check(Position, out header);
        if (Problem is not null) return false;
        if (header.BaseOffset != _expectedOffset && !(allowGaps && header.BaseOffset > _expectedOffset))
        {
            Problem = $"a batch of offset {header.BaseOffset}, expected {_expectedOffset}";
            return false;
        }
        _expectedOffset = header.NextOffset;
        Position += header.TotalBytes;
        return true;
    }

    /// <summary>Position of a whole valid batch at or after <see cref="Position"/>, or -1: with one, what is in between was not torn off but damaged.</summary>
    public long FindValidBatch()
    {
        for (var position = Position; position <= FileLength - BatchHeader.Bytes; position++)
        {
            var window = Read(position, (int)Math.Min(_windowBytes, FileLength - position));
            var magic = window.IndexOf("OLB1"u8);
            if (magic < 0)
            {
                position += Math.Max(0, window.Length - 4);
                continue;
            }
            position += magic;
            if (position <= FileLength - BatchHeader.Bytes && Check(position, out _, alwaysVerify: true) is null) return position;
        }
        return -1;
    }

    string? Check(long position, out BatchHeader header, bool alwaysVerify = false)
    {
        header = default;
        var left = FileLength - position;
        if (left < BatchHeader.Bytes) return $"the file ends {left} bytes into the head of a batch";
        if (!BatchHeader.TryRead(Read(position, BatchHeader.Bytes), out header, out var problem)) return problem;
        if (header.BodyBytes > left - BatchHeader.Bytes)
            return $"the file ends inside the batch at offset {header.BaseOffset}: {header.BodyBytes} bytes expected, {left - BatchHeader.Bytes} left";
        if (!verifyBodies && !alwaysVerify) return null;
        return header.Covers(Read(position + BatchHeader.Bytes, header.BodyBytes), out problem) ? null : problem;
    }

    ReadOnlySpan<byte> Read(long position, int bytes)
    {
        if (position < _windowStart || position + bytes > _windowStart + _windowLength)
        {
            var wanted = (int)Math.Min(Math.Max(bytes, _windowBytes), FileLength - position);
            if (_window.Length < wanted) _window = new byte[wanted];
            _windowStart = position;
            _windowLength = 0;
            while (_windowLength < wanted)
            {
                var read = RandomAccess.Read(handle, _window.AsSpan(_windowLength, wanted - _windowLength), position + _windowLength);
                if (read == 0) throw new StreamingException("A segment became shorter while it was read.");
                _windowLength += read;
            }
        }
        return _window.AsSpan((int)(position - _windowStart), bytes);
    }
}
