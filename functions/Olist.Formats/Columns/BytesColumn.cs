using System.Text;

namespace Olist.Formats.Columns;

/// <summary>A column of byte strings (text is UTF-8), in one of two layouts.</summary>
/// <remarks>
/// Plain: <c>Offsets[i]..Offsets[i + 1]</c> of <see cref="Data"/>; a null row is an empty range.
/// Dictionary: row i is entry <c>Codes[i]</c> of <see cref="Dictionary"/>, a plain column without nulls; a null row has code 0. Entries are distinct, but need not all be used.
/// </remarks>
public sealed class BytesColumn : Column
{
    readonly int[] _offsets;
    readonly byte[] _data;

    /// <summary>The plain layout.</summary>
    public BytesColumn(DataType type, int[] offsets, byte[] data, int count, byte[]? validity = null)
        : base(type, count, validity)
    {
        _offsets = offsets;
        _data = data;
    }

    /// <summary>The dictionary layout.</summary>
    public BytesColumn(BytesColumn dictionary, int[] codes, int count, byte[]? validity = null)
        : base(dictionary.Type, count, validity)
    {
        if (dictionary.Codes is not null) throw new ArgumentException("A dictionary is a plain column.", nameof(dictionary));
        Dictionary = dictionary;
        Codes = codes;
        _offsets = dictionary._offsets;
        _data = dictionary._data;
    }

    /// <summary>Starts of the values (of the dictionary's entries in that layout), and one end.</summary>
    public int[] Offsets => _offsets;

    public byte[] Data => _data;

    /// <summary>Entry of each row, or <see langword="null"/> in the plain layout.</summary>
    public int[]? Codes { get; }

    public BytesColumn? Dictionary { get; }

    /// <summary>The bytes of a row; empty where it is null.</summary>
    public ReadOnlySpan<byte> this[int row]
    {
        get
        {
            if (Codes is not null)
            {
                if (IsNull(row)) return default;
                row = Codes[row];
            }
            var start = _offsets[row];
            return _data.AsSpan(start, _offsets[row + 1] - start);
        }
    }

    /// <summary>The text of a row, or <see langword="null"/>.</summary>
    public string? Find(int row) => IsNull(row) ? null : Encoding.UTF8.GetString(this[row]);

    public override long? MemoryBytes => _data.Length + (sizeof(int) * ((long)_offsets.Length + (Codes?.Length ?? 0))) + (Validity?.Length ?? 0);

    private protected override Column GatherRows(ReadOnlySpan<int> rows)
    {
        var validity = GatherValidity(rows);
        if (Codes is not null) return new BytesColumn(Dictionary!, ValuesAt(Codes, rows), rows.Length, validity);
        var offsets = new int[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++)
            offsets[i + 1] = checked(offsets[i] + (rows[i] < 0 ? 0 : _offsets[rows[i] + 1] - _offsets[rows[i]]));
        var data = new byte[offsets[rows.Length]];
        for (var (i, run) = (0, 0); i < rows.Length; i += run)
        {
            run = RunAt(rows, i);
            // Values of rows one after the other lie one after the other.
            if (rows[i] >= 0) _data.AsSpan(_offsets[rows[i]], _offsets[rows[i] + run] - _offsets[rows[i]]).CopyTo(data.AsSpan(offsets[i]));
        }
        return new BytesColumn(Type, offsets, data, rows.Length, validity);
    }

    /// <summary>A plain column of text; null strings are null rows.</summary>
    public static BytesColumn Of(params IReadOnlyList<string?> texts)
    {
        var builder = new BytesBuilder(DataType.String, texts.Count);
        foreach (var text in texts)
            if (text is null) builder.AppendNull();
            else builder.Append(text);
        return (BytesColumn)builder.Build();
    }
}
