using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Olist.Pipeline.Datasets;

/// <summary>Reads UTF-8 CSV (RFC 4180) row by row without making a string of a field.</summary>
/// <remarks>
/// Lines end in LF or CRLF, the last one may have no end; a byte order mark is skipped, and so are empty lines. A field that begins with a quote ends at the next single quote and may hold
/// commas, line ends and doubled quotes. A quote anywhere else is data.
/// <para>Damage is bounded: see <see cref="SetAside"/>. The reader holds one buffer, whatever the size of the file. Not for several threads.</para>
/// </remarks>
public sealed partial class CsvReader : IDisposable
{
    /// <summary>The longest row that is read: some hundred times the longest of the real dataset, and short enough that a stray quote is found out soon.</summary>
    public const int DefaultMaxRecordBytes = 64 << 10;

    const int DefaultBufferBytes = 1 << 20;

    readonly Stream _stream;
    byte[] _buffer;
    int _start;
    int _next;
    int _end;
    bool _atFileEnd;
    bool _hasStarted;
    int _lines;
    uint _crc = uint.MaxValue;

    /// <param name="stream">The file; disposed with the reader.</param>
    /// <param name="maxRecordBytes">See <see cref="MaxRecordBytes"/>.</param>
    /// <param name="bufferBytes">Raised to what the longest row needs.</param>
    public CsvReader(Stream stream, int maxRecordBytes = DefaultMaxRecordBytes, int bufferBytes = DefaultBufferBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRecordBytes, 1);
        _stream = stream;
        MaxRecordBytes = maxRecordBytes;
        // Resuming after damage looks at rows that begin anywhere in one longest row, each up to that long.
        _buffer = new byte[Math.Max(bufferBytes, checked(2 * maxRecordBytes + 4))];
    }

    /// <summary>Longer rows are set aside. Also how far a quoted field is followed.</summary>
    public int MaxRecordBytes { get; }

    /// <summary>How many fields a row must have; 0 (as at first, for the header) takes any number.</summary>
    public int ExpectedFields { get; set; }

    /// <summary>Physical line on which the current row begins, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>What is wrong with the current row. Unless it is <see cref="CsvFlaw.None"/>, only <see cref="FieldCount"/> and <see cref="SetAside"/> are of use.</summary>
    public CsvFlaw Flaw { get; private set; }

    /// <summary>Fields of the current row, as far as it could be followed.</summary>
    public int FieldCount { get; private set; }

    /// <summary>The current row as it is in the file, with its line end. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Raw => _buffer.AsSpan(_start, _next - _start);

    /// <summary>Bytes of the file read so far, and their CRC-32C.</summary>
    public (long Bytes, uint Crc32C) Digest => (BytesRead, ~_crc);

    /// <summary>Bytes of the file read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>A field without its quotes. Valid until the next call of <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> this[int field]
    {
        get
        {
            var start = _starts[field];
            return start >= 0 ? _buffer.AsSpan(start, _lengths[field]) : _unescaped.AsSpan(~start, _lengths[field]);
        }
    }

    /// <summary>Moves to the next row; false at the end of the file. A row with a <see cref="Flaw"/>, or one that the caller can't use, is left by <see cref="SetAside"/>.</summary>
    public bool Read()
    {
        while (true)
        {
            Line += _lines;
            _lines = 0;
            _start = _next;
            if (!_hasStarted) SkipByteOrderMark();
            if (_start == _end && !Fill()) return false;
            bool quoted;
            while ((Flaw = Parse(_start, out _next, out quoted)) == Incomplete) Fill();
            if (Flaw != CsvFlaw.None) return true;
            _lines = quoted ? CountLines(_start, _next) : 1;
            if (ExpectedFields > 0 && FieldCount != ExpectedFields)
            {
                if (FieldCount == 1 && !quoted && _lengths[0] == 0) continue;
                Flaw = CsvFlaw.FieldCount;
            }
            return true;
        }
    }

    void SkipByteOrderMark()
    {
        _hasStarted = true;
        while (_end < 3 && Fill()) { }
        if (_buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8)) _start = _next = 3;
    }

    /// <summary>Gets more of the file, moving the current row to the front of the buffer first.</summary>
    bool Fill()
    {
        if (_atFileEnd) return false;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _next -= _start;
            _start = 0;
        }
        var read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _atFileEnd = read == 0;
        AddToDigest(_buffer.AsSpan(_end, read));
        _end += read;
        return read > 0;
    }

    void AddToDigest(ReadOnlySpan<byte> bytes)
    {
        BytesRead += bytes.Length;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) _crc = BitOperations.Crc32C(_crc, word);
        foreach (var rest in bytes[(words.Length * sizeof(ulong))..]) _crc = BitOperations.Crc32C(_crc, rest);
    }

    /// <summary>Line ends between two places of the buffer; a last line without an end counts too.</summary>
    int CountLines(int start, int endExcl)
    {
        var bytes = _buffer.AsSpan(start, endExcl - start);
        return bytes.Count((byte)'\n') + (bytes is [.., (byte)'\n'] ? 0 : 1);
    }

    public void Dispose() => _stream.Dispose();

    static string Clip(ReadOnlySpan<byte> raw, int maxBytes)
    {
        if (raw is [.., (byte)'\n']) raw = raw[..^1];
        if (raw is [.., (byte)'\r']) raw = raw[..^1];
        if (raw.Length <= maxBytes) return Encoding.UTF8.GetString(raw);
        var length = maxBytes;
        while (length > maxBytes - 3 && (raw[length] & 0xC0) == 0x80) length--;
        return Encoding.UTF8.GetString(raw[..length]) + "…";
    }
}
