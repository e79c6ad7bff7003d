namespace Olist.Pipeline.Datasets;

/// <summary>Leaving a row that is no use, without its neighbours.</summary>
public sealed partial class CsvReader
{
    /// <summary>So much of a row is told.</summary>
    const int ClipBytes = 200;

    /// <summary>Leaves the current row out; the next <see cref="Read"/> goes on behind it.</summary>
    /// <remarks>
    /// A row on one line ends with its line. One that goes over several lines may be a stray quote that runs into the rows below it, so it ends before the first of its further lines
    /// from which a well-formed row with the right number of fields can be read: a real multi-line text has no such line, a swallowed neighbour is one.
    /// When there is none, a well-formed row ends where it ends; one with text after a quote ends where it would with that quote taken for text, if it has the right number of fields then,
    /// else with the line of that quote; one without an end is left at the last line that
    /// begins within <see cref="MaxRecordBytes"/> (a single line longer than that is skipped whole).
    /// </remarks>
    /// <returns>What was left out, clipped, without its line end.</returns>
    public string SetAside()
    {
        if (Flaw is CsvFlaw.None or CsvFlaw.FieldCount && _lines == 1) return Clip(Raw, ClipBytes);
        while (!_atFileEnd && _end - _start < 2 * MaxRecordBytes + 2) Fill();
        // What was found before may have moved with the buffer, and the fields with it.
        var flaw = Parse(_start, out var followed, out _);
        if (flaw == CsvFlaw.TextAfterQuote && FollowWithStrayQuotes() is { } end) (flaw, followed) = (CsvFlaw.None, end);
        _next = FindResumption(flaw, followed);
        var raw = Clip(_buffer.AsSpan(_start, (_next < 0 ? followed : _next) - _start), ClipBytes);
        if (_next < 0) SkipLine();
        else _lines = CountLines(_start, _next);
        return raw;
    }

    /// <summary>Where the row ends when a quote inside a quoted field is text; <see langword="null"/> when that does not make a row of it.</summary>
    int? FollowWithStrayQuotes()
    {
        _strayQuotesAreText = true;
        var flaw = Parse(_start, out var end, out _);
        _strayQuotesAreText = false;
        return flaw == CsvFlaw.None && FieldCount == ExpectedFields ? end : null;
    }

    /// <summary>Where to go on, or -1 when the first line of the row is longer than a row may be.</summary>
    int FindResumption(CsvFlaw flaw, int followed)
    {
        var isComplete = flaw is CsvFlaw.None;
        var bound = isComplete ? followed : Math.Min(_end, _start + 2 * MaxRecordBytes);
        var last = -1;
        var line = LineAfter(_start, bound);
        while (line >= 0 && line < followed)
        {
            if (Parse(line, out _, out _) == CsvFlaw.None && FieldCount == ExpectedFields) return line;
            last = line;
            line = LineAfter(line, bound);
        }
        if (isComplete) return followed;
        if (flaw == CsvFlaw.TextAfterQuote && line >= 0) return line;
        var endsWithFile = _atFileEnd && (flaw == CsvFlaw.TextAfterQuote ? bound : followed) == _end;
        return endsWithFile ? _end : last;
    }

    /// <summary>The start of the line after the one at <paramref name="at"/>, or -1 when it does not end before <paramref name="endExcl"/>.</summary>
    int LineAfter(int at, int endExcl)
    {
        var length = _buffer.AsSpan(at, endExcl - at).IndexOf((byte)'\n');
        return length < 0 ? -1 : at + length + 1;
    }

    void SkipLine()
    {
        int end;
        while ((end = LineAfter(_start, _end)) < 0)
        {
            _start = _next = _end;
            if (Fill()) continue;
            _lines = 1;
            return;
        }
        _next = end;
        _lines = 1;
    }
}
