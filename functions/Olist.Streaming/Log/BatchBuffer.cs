using System.Buffers;
using System.Text;
using Olist.Formats.Checksums;

namespace Olist.Streaming.Log;

/// <summary>Records of one producer for one partition, laid out as they will lie in the segment; the head is filled in when they are written.</summary>
sealed class BatchBuffer(Partition partition, int initialBytes)
{
    const byte TombstoneFlag = 1;
    const byte HeadersFlag = 2;

    byte[] _bytes = ArrayPool<byte>.Shared.Rent(initialBytes);
    long _baseTimestampMs;
    long _maxTimestampMs;

    public Partition Partition { get; } = partition;

    public int Count { get; private set; }

    /// <summary>Bytes with the head.</summary>
    public int Length { get; private set; } = BatchHeader.Bytes;

    public long FirstSequence { get; private set; } = -1;

    public long LastSequence { get; private set; } = -1;

    /// <summary>Upper bound of what a record takes.</summary>
    public static int Measure(int keyBytes, int valueBytes, IReadOnlyList<RecordHeader>? headers)
    {
        var bytes = checked(1 + (4 * Varint.MaxBytes) + keyBytes + valueBytes);
        if (headers is null) return bytes;
        foreach (var header in headers) bytes = checked(bytes + (2 * Varint.MaxBytes) + Encoding.UTF8.GetMaxByteCount(header.Key.Length) + header.Value.Length);
        return checked(bytes + Varint.MaxBytes);
    }

    /// <param name="offsetDelta">Only for sparse batches; -1 otherwise.</param>
    public void Append(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestampMs, long sequence, IReadOnlyList<RecordHeader>? headers, bool tombstone, int maxBytes, long offsetDelta = -1)
    {
        if (_bytes.Length - Length < maxBytes) Grow(maxBytes);
        if (Count == 0) _baseTimestampMs = _maxTimestampMs = timestampMs;
        else if (timestampMs > _maxTimestampMs) _maxTimestampMs = timestampMs;
        var bytes = _bytes;
        var position = Length;
        var hasHeaders = headers is { Count: > 0 };
        bytes[position++] = (byte)((tombstone ? TombstoneFlag : 0) | (hasHeaders ? HeadersFlag : 0));
        if (offsetDelta >= 0) position = Varint.Write(bytes, position, (ulong)offsetDelta);
        position = Varint.Write(bytes, position, Varint.Zigzag(timestampMs - _baseTimestampMs));
        position = Varint.Write(bytes, position, (uint)key.Length);
        key.CopyTo(bytes.AsSpan(position));
        position += key.Length;
        position = Varint.Write(bytes, position, (uint)value.Length);
        value.CopyTo(bytes.AsSpan(position));
        position += value.Length;
        if (hasHeaders) position = WriteHeaders(bytes, position, headers!);
        Length = position;
        Count++;
        if (sequence < 0) return;
        if (FirstSequence < 0) FirstSequence = sequence;
        LastSequence = sequence;
    }

    static int WriteHeaders(byte[] bytes, int position, IReadOnlyList<RecordHeader> headers)
    {
        position = Varint.Write(bytes, position, (uint)headers.Count);
        foreach (var header in headers)
        {
            position = Varint.Write(bytes, position, (uint)Encoding.UTF8.GetByteCount(header.Key));
            position += Encoding.UTF8.GetBytes(header.Key, bytes.AsSpan(position));
            position = Varint.Write(bytes, position, (uint)header.Value.Length);
            header.Value.CopyTo(bytes, position);
            position += header.Value.Length;
        }
        return position;
    }

    void Grow(int more)
    {
        var grown = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max((long)Length + more, 2L * _bytes.Length)));
        _bytes.AsSpan(0, Length).CopyTo(grown);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = grown;
    }

    /// <summary>Everything of the head that does not depend on where the batch goes.</summary>
    public BatchHeader Seal(ulong producer) => new(
        Crc32C.Compute(_bytes.AsSpan(BatchHeader.Bytes, Length - BatchHeader.Bytes)), Length - BatchHeader.Bytes, Count, Count - 1, 0, _baseTimestampMs, _maxTimestampMs,
        LastSequence >= 0 ? producer : 0, LastSequence);

    /// <summary>The batch as written.</summary>
    public ReadOnlySpan<byte> WithHeader(BatchHeader header)
    {
        header.Write(_bytes);
        return _bytes.AsSpan(0, Length);
    }

    public void Clear()
    {
        Count = 0;
        Length = BatchHeader.Bytes;
        FirstSequence = LastSequence = -1;
    }

    /// <summary>Gives the memory back; the buffer is not used again.</summary>
    public void Release()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}
