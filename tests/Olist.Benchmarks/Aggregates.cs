using System.Globalization;
using System.Numerics;
using System.Text;
using Olist.Formats.Columns;

namespace Olist.Benchmarks;

/// <summary>What both sides compute of every column, so that each value is really read: count, and of text the sum of lengths and the largest, of numbers smallest, largest and sum.</summary>
sealed class Aggregates(IReadOnlyList<ColumnSchema> schema)
{
    readonly Figures[] _columns = schema.Select(_ => new Figures()).ToArray();
    long _rows;

    sealed class Figures
    {
        public long Count, Length, Min = long.MaxValue, Max = long.MinValue;
        public Int128 Sum;
        public byte[]? Largest;
    }

    public void Add(RowBatch batch)
    {
        _rows += batch.RowCount;
        for (var i = 0; i < _columns.Length; i++)
        {
            var column = batch.Columns[i];
            _columns[i].Count += column.Count - column.CountNulls();
            switch (column)
            {
                case BytesColumn bytes: AddText(_columns[i], bytes); break;
                case ValueColumn<int> ints: AddNumbers<int>(_columns[i], ints.Span, column.Validity); break;
                case ValueColumn<long> longs: AddNumbers<long>(_columns[i], longs.Span, column.Validity); break;
            }
        }
    }

    static void AddNumbers<T>(Figures figures, ReadOnlySpan<T> values, byte[]? validity) where T : unmanaged, INumber<T>
    {
        // A part at a time, whose sum fits into 64 bits.
        for (var start = 0; start < values.Length; start += 1024)
        {
            long sum = 0;
            var part = values.Slice(start, Math.Min(1024, values.Length - start));
            for (var i = 0; i < part.Length; i++)
            {
                if (validity is not null && validity[start + i] == 0) continue;
                var value = long.CreateTruncating(part[i]);
                sum += value;
                figures.Min = Math.Min(figures.Min, value);
                figures.Max = Math.Max(figures.Max, value);
            }
            figures.Sum += sum;
        }
    }

    static void AddText(Figures figures, BytesColumn column)
    {
        for (var row = 0; row < column.Count; row++)
        {
            if (column.IsNull(row)) continue;
            var value = column[row];
            figures.Length += value.Length;
            if (figures.Largest is null || value.SequenceCompareTo(figures.Largest) > 0) figures.Largest = value.ToArray();
        }
    }

    /// <summary>One line that is equal for equal rows, spelled as the DuckDB side spells its own.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{_rows}");
        for (var i = 0; i < _columns.Length; i++)
        {
            var figures = _columns[i];
            if (schema[i].Type.Kind == TypeKind.String) text.Append(CultureInfo.InvariantCulture, $" {figures.Count},{figures.Length},{Encoding.UTF8.GetString(figures.Largest ?? [])}");
            else text.Append(CultureInfo.InvariantCulture, $" {figures.Count},{figures.Min},{figures.Max},{figures.Sum}");
        }
        return text.ToString();
    }
}
