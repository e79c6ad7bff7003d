using Olist.Formats.Columns;

namespace Olist.Lake.Commits;

/// <summary>A column to sort by.</summary>
sealed record SortColumn(Column Column, bool Ascending, bool NullsFirst);

/// <summary>Orders rows by some columns; rows that are equal in all of them stay in their order.</summary>
/// <remarks>Works on 64-bit keys, and looks at further bytes and columns only within runs of equal ones.</remarks>
sealed class RowSorter
{
    /// <summary>Beyond these leading bytes rows are compared one with another: equal long texts would recurse deeply.</summary>
    const int MaxKeyOffset = 16 * SortKeys.TextStep;

    readonly IReadOnlyList<SortColumn> _columns;
    readonly int[] _rows;
    readonly ulong[] _keys;

    RowSorter(IReadOnlyList<SortColumn> columns, int[] rows)
    {
        _columns = columns;
        _rows = rows;
        _keys = new ulong[rows.Length];
    }

    /// <summary>Row numbers in order, or null when the rows are in order as they are.</summary>
    public static int[]? Order(IReadOnlyList<SortColumn> columns, int count)
    {
        if (columns.Count == 0 || IsSorted(columns, count)) return null;
        var rows = new int[count];
        for (var row = 0; row < count; row++) rows[row] = row;
        new RowSorter(columns, rows).Sort(0, count, 0, 0);
        return rows;
    }

    static bool IsSorted(IReadOnlyList<SortColumn> columns, int count)
    {
        for (var row = 1; row < count; row++)
            if (Compare(columns, 0, row - 1, row) > 0) return false;
        return true;
    }

    void Sort(int start, int end, int column, int offset)
    {
        if (end - start < 2) return;
        if (column == _columns.Count)
        {
            Array.Sort(_rows, start, end - start);
            return;
        }
        if (offset > MaxKeyOffset)
        {
            _rows.AsSpan(start, end - start).Sort((left, right) => Compare(_columns, column, left, right) is var order and not 0 ? order : left.CompareTo(right));
            return;
        }
        if (offset == 0) (start, end) = SetNullsAside(start, end, column);
        var by = _columns[column];
        var keys = _keys.AsSpan(start, end - start);
        SortKeys.Fill(by.Column, offset, _rows.AsSpan(start, end - start), keys);
        if (!by.Ascending)
            foreach (ref var key in keys) key = ~key;
        keys.Sort(_rows.AsSpan(start, end - start));
        SortRuns(start, end, column, offset);
    }

    void SortRuns(int start, int end, int column, int offset)
    {
        var by = _columns[column];
        for (var run = start; run < end;)
        {
            var key = _keys[run];
            var next = run + 1;
            while (next < end && _keys[next] == key) next++;
            if (next - run > 1)
            {
                if (SortKeys.GoesOn(by.Column, by.Ascending ? key : ~key)) Sort(run, next, column, offset + SortKeys.TextStep);
                else Sort(run, next, column + 1, 0);
            }
            run = next;
        }
    }

    /// <summary>Moves rows without a value to their end of the range, sorts them by the next column, and gives the range of the others.</summary>
    (int Start, int End) SetNullsAside(int start, int end, int column)
    {
        var by = _columns[column];
        if (by.Column.Validity is null) return (start, end);
        var range = _rows.AsSpan(start, end - start);
        var nulls = new List<int>();
        var kept = new List<int>(range.Length);
        foreach (var row in range) (by.Column.IsNull(row) ? nulls : kept).Add(row);
        if (nulls.Count == 0) return (start, end);
        var nullsAt = by.NullsFirst ? start : end - nulls.Count;
        nulls.CopyTo(_rows, nullsAt);
        kept.CopyTo(_rows, by.NullsFirst ? start + nulls.Count : start);
        Sort(nullsAt, nullsAt + nulls.Count, column + 1, 0);
        return by.NullsFirst ? (start + nulls.Count, end) : (start, end - nulls.Count);
    }

    static int Compare(IReadOnlyList<SortColumn> columns, int from, int left, int right)
    {
        for (var i = from; i < columns.Count; i++)
        {
            var by = columns[i];
            bool leftNull = by.Column.IsNull(left), rightNull = by.Column.IsNull(right);
            var order = leftNull || rightNull
                ? (leftNull == rightNull ? 0 : leftNull == by.NullsFirst ? -1 : 1)
                : by.Ascending ? CompareValues(by.Column, left, right) : CompareValues(by.Column, right, left);
            if (order != 0) return order;
        }
        return 0;
    }

    static int CompareValues(Column column, int left, int right)
    {
        if (column is BytesColumn bytes && column.Type.Kind != TypeKind.Decimal) return bytes[left].SequenceCompareTo(bytes[right]);
        Span<ulong> keys = stackalloc ulong[2];
        for (var offset = 0; ; offset += SortKeys.TextStep)
        {
            SortKeys.Fill(column, offset, [left, right], keys);
            if (keys[0] != keys[1]) return keys[0].CompareTo(keys[1]);
            if (!SortKeys.GoesOn(column, keys[0])) return 0;
        }
    }
}
