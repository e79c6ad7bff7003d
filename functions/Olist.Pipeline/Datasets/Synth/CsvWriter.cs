using System.Buffers.Text;
using System.Text;

namespace Olist.Pipeline.Datasets.Synth;

/// <summary>Writes CSV as the public files have it: LF, quotes only where they are needed. Not for several threads.</summary>
sealed class CsvWriter : IDisposable
{
    const int BufferBytes = 1 << 18;
    const int MaxFieldBytes = 4096;

    readonly FileStream _stream;
    readonly byte[] _buffer = new byte[BufferBytes];
    int _count;
    bool _inRow;

    public CsvWriter(string path, CsvFile file)
    {
        _stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var column in file.Columns) Text(column.Header);
        EndRow();
    }

    public void EndRow()
    {
        _buffer[_count++] = (byte)'\n';
        _inRow = false;
        if (_count > BufferBytes - MaxFieldBytes) Flush();
    }

    public void Empty() => Separate();

    public void Text(string text)
    {
        Separate();
        if (text.AsSpan().IndexOfAny(",\"\r\n") < 0)
        {
            _count += Encoding.UTF8.GetBytes(text, Room(3 * text.Length));
            return;
        }
        var quoted = text.Replace("\"", "\"\"", StringComparison.Ordinal);
        var room = Room(3 * quoted.Length + 2);
        room[0] = (byte)'"';
        var length = Encoding.UTF8.GetBytes(quoted, room[1..]);
        room[length + 1] = (byte)'"';
        _count += length + 2;
    }

    /// <summary>128 bits as 32 hexadecimal digits.</summary>
    public void Id(UInt128 id)
    {
        Separate();
        var room = Room(32);
        for (var i = 31; i >= 0; i--)
        {
            room[i] = "0123456789abcdef"u8[(int)(id & 15)];
            id >>= 4;
        }
        _count += 32;
    }

    public void Number(long value)
    {
        Separate();
        Utf8Formatter.TryFormat(value, Room(20), out var written);
        _count += written;
    }

    /// <summary>Five digits, with leading zeros.</summary>
    public void ZipCode(int zipCode)
    {
        Separate();
        Digits(zipCode, 5);
    }

    /// <summary>At least one decimal, as the public files have it: 144.0, 99.9, 21.99.</summary>
    public void Money(long hundredths)
    {
        Number(hundredths / 100);
        _buffer[_count++] = (byte)'.';
        if (hundredths % 10 == 0) Digits(hundredths / 10 % 10, 1);
        else Digits(hundredths % 100, 2);
    }

    /// <summary>Degrees with up to 15 decimals, given in 10^-15 degrees.</summary>
    public void Degrees(long femtoDegrees)
    {
        const long One = 1_000_000_000_000_000;
        Separate();
        Room(24);
        if (femtoDegrees < 0) _buffer[_count++] = (byte)'-';
        var magnitude = Math.Abs(femtoDegrees);
        Utf8Formatter.TryFormat(magnitude / One, _buffer.AsSpan(_count), out var written);
        _count += written;
        _buffer[_count++] = (byte)'.';
        Digits(magnitude % One, 15);
        while (_buffer[_count - 1] == '0' && _buffer[_count - 2] != '.') _count--;
    }

    /// <summary>A time in seconds since 1970, or an empty field.</summary>
    public void Time(long? seconds)
    {
        Separate();
        if (seconds is not { } known) return;
        var time = DateTime.UnixEpoch.AddSeconds(known);
        Digits(time.Year, 4);
        Separated('-', time.Month);
        Separated('-', time.Day);
        Separated(' ', time.Hour);
        Separated(':', time.Minute);
        Separated(':', time.Second);
    }

    void Separated(char separator, int twoDigits)
    {
        _buffer[_count++] = (byte)separator;
        Digits(twoDigits, 2);
    }

    void Digits(long value, int count)
    {
        var room = Room(count);
        for (var i = count - 1; i >= 0; i--)
        {
            room[i] = (byte)('0' + value % 10);
            value /= 10;
        }
        _count += count;
    }

    void Separate()
    {
        if (_inRow) Room(32)[0] = (byte)',';
        if (_inRow) _count++;
        _inRow = true;
    }

    Span<byte> Room(int bytes)
    {
        if (_count + bytes > BufferBytes) Flush();
        return _buffer.AsSpan(_count);
    }

    void Flush()
    {
        _stream.Write(_buffer, 0, _count);
        _count = 0;
    }

    public void Dispose()
    {
        Flush();
        _stream.Dispose();
    }
}
