using System.Text;

namespace Olist.Streaming.Log;

/// <summary>Goes through the records of one batch whose checksum was found right.</summary>
struct RecordCursor(BatchHeader header, ReadOnlyMemory<byte> body)
{
    int _position;

    public BatchHeader Header { get; } = header;

    /// <summary>Records not read yet.</summary>
    public int Remaining { get; private set; } = header.Count;

    /// <summary>The next record; false when its bytes are not those of a record.</summary>
    public bool TryRead(string topic, int partition, out ConsumedRecord record)
    {
        var span = body.Span;
        record = default;
        if ((uint)_position >= (uint)span.Length) return false;
        var flags = span[_position++];
        var offsetDelta = (ulong)(Header.Count - Remaining);
        if (Header.IsSparse && !Varint.TryRead(span, ref _position, out offsetDelta)) return false;
        if (!Varint.TryRead(span, ref _position, out var timestamp)) return false;
        if (!TryReadBytes(span, out var key) || !TryReadBytes(span, out var value)) return false;
        IReadOnlyList<RecordHeader> headers = [];
        if ((flags & 2) != 0 && !TryReadHeaders(span, out headers)) return false;
        Remaining--;
        record = new ConsumedRecord(topic, partition, Header.BaseOffset + (long)offsetDelta, Header.BaseTimestampMs + Varint.Unzigzag(timestamp), key, value, (flags & 1) != 0, headers);
        return true;
    }

    bool TryReadBytes(ReadOnlySpan<byte> span, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (!Varint.TryRead(span, ref _position, out var length) || length > (ulong)(span.Length - _position)) return false;
        bytes = body.Slice(_position, (int)length);
        _position += (int)length;
        return true;
    }

    bool TryReadHeaders(ReadOnlySpan<byte> span, out IReadOnlyList<RecordHeader> headers)
    {
        headers = [];
        if (!Varint.TryRead(span, ref _position, out var count) || count > (ulong)(span.Length - _position)) return false;
        var list = new RecordHeader[count];
        for (var i = 0; i < list.Length; i++)
        {
            if (!TryReadBytes(span, out var key) || !TryReadBytes(span, out var value)) return false;
            list[i] = new RecordHeader(Encoding.UTF8.GetString(key.Span), value.ToArray());
        }
        headers = list;
        return true;
    }
}
