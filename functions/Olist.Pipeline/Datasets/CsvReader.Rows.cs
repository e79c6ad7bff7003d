namespace Olist.Pipeline.Datasets;

/// <summary>One row: where it ends and what its fields are.</summary>
public sealed partial class CsvReader
{
    /// <summary>The buffer ends before the row does; never seen outside.</summary>
    const CsvFlaw Incomplete = (CsvFlaw)(-1);

    const int MaxFields = 32; // more than any file of the dataset has; fields beyond are only counted

    readonly int[] _starts = new int[MaxFields];
    readonly int[] _lengths = new int[MaxFields];
    byte[] _unescaped = [];
    bool _strayQuotesAreText;
    int _unescapedEnd;

    /// <summary>Follows the row that begins at <paramref name="start"/>.</summary>
    /// <param name="start">Place in the buffer.</param>
    /// <param name="next">Where the row after it begins; with a flaw, how far it was followed.</param>
    /// <param name="quoted">Whether it has a quoted field, so that it may span several lines.</param>
    CsvFlaw Parse(int start, out int next, out bool quoted)
    {
        var limit = Math.Min(_end, start + MaxRecordBytes);
        var isWhole = _atFileEnd && limit == _end;
        FieldCount = 0;
        _unescapedEnd = 0;
        quoted = false;
        var at = start;
        while (true)
        {
            if (at < limit && _buffer[at] == '"')
            {
                quoted = true;
                var flaw = ParseQuoted(start, ref at, limit, isWhole);
                if (flaw != CsvFlaw.None)
                {
                    next = at;
                    return flaw;
                }
            }
            else
            {
                var length = _buffer.AsSpan(at, limit - at).IndexOfAny((byte)',', (byte)'\n');
                if (length < 0)
                {
                    if (!isWhole) return OutOfBytes(start, limit, CsvFlaw.TooLong, out next);
                    length = limit - at;
                }
                var end = at + length;
                var isLast = end == limit || _buffer[end] == '\n';
                AddField(at, isLast && length > 0 && _buffer[end - 1] == '\r' ? length - 1 : length);
                at = end;
            }

            if (at < limit && _buffer[at] == ',')
            {
                at++;
                continue;
            }
            next = at < limit ? at + 1 : at;
            return CsvFlaw.None;
        }
    }

    /// <summary>A quoted field; <paramref name="at"/> goes from its opening quote to the comma, the LF or the end after it.</summary>
    CsvFlaw ParseQuoted(int start, ref int at, int limit, bool isWhole)
    {
        var first = at + 1;
        var quote = first;
        var doubled = false;
        while (true)
        {
            var distance = _buffer.AsSpan(quote, limit - quote).IndexOf((byte)'"');
            if (distance < 0) return isWhole ? At(limit, CsvFlaw.UnclosedQuote, ref at) : OutOfBytes(start, limit, CsvFlaw.UnclosedQuote, out at);
            quote += distance;
            var after = quote + 1;
            if (after < limit && _buffer[after] == '"')
            {
                doubled = true;
                quote += 2;
                continue;
            }
            if (after < limit && _buffer[after] == '\r') after++;
            if (after == limit && !isWhole) return OutOfBytes(start, limit, CsvFlaw.TooLong, out at);
            var isEnd = after == limit || _buffer[after] == '\n' || (_buffer[after] == ',' && after == quote + 1);
            if (!isEnd && _strayQuotesAreText)
            {
                quote++;
                continue;
            }
            if (!isEnd) return At(after, CsvFlaw.TextAfterQuote, ref at);

            if (doubled) AddUnescaped(first, quote);
            else AddField(first, quote - first);
            at = after;
            return CsvFlaw.None;
        }
    }

    static CsvFlaw At(int place, CsvFlaw flaw, ref int at)
    {
        at = place;
        return flaw;
    }

    /// <summary>The row goes on beyond what may be looked at: more is to be read, or it is too long.</summary>
    CsvFlaw OutOfBytes(int start, int limit, CsvFlaw flaw, out int at)
    {
        at = limit;
        var isAllRead = limit < _end || _atFileEnd;
        return limit - start >= MaxRecordBytes && isAllRead ? flaw : Incomplete;
    }

    void AddField(int start, int length)
    {
        if (FieldCount < MaxFields)
        {
            _starts[FieldCount] = start;
            _lengths[FieldCount] = length;
        }
        FieldCount++;
    }

    /// <summary>A field with doubled quotes is copied with single ones; its start is the complement of its place among the copies.</summary>
    void AddUnescaped(int start, int endExcl)
    {
        if (_unescaped.Length < MaxRecordBytes) _unescaped = new byte[MaxRecordBytes];
        var copy = _unescapedEnd;
        for (var i = start; i < endExcl; i++)
        {
            _unescaped[_unescapedEnd++] = _buffer[i];
            if (_buffer[i] == '"') i++;
        }
        AddField(~copy, _unescapedEnd - copy);
    }
}
