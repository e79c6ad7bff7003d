namespace Olist.Pipeline.Model.Redefining;

/// <summary>Rows of a table by the row of another table that they belong to, each group in order of a number.</summary>
sealed class RowGroups
{
    readonly int[] _starts;
    readonly int[] _rows;

    /// <param name="groupOfRow">The group of each row, or -1 for a row that belongs to none.</param>
    /// <param name="orderBy">What a group is sorted by; equal numbers keep the order of the table.</param>
    /// <param name="groupCount">Groups, empty ones included.</param>
    public RowGroups(int[] groupOfRow, ReadOnlySpan<int> orderBy, int groupCount)
    {
        _starts = new int[groupCount + 1];
        foreach (var group in groupOfRow)
            if (group >= 0) _starts[group + 1]++;
        for (var group = 0; group < groupCount; group++) _starts[group + 1] += _starts[group];
        _rows = new int[_starts[groupCount]];
        var next = _starts.AsSpan(0, groupCount).ToArray();
        for (var row = 0; row < groupOfRow.Length; row++)
            if (groupOfRow[row] >= 0) _rows[next[groupOfRow[row]]++] = row;
        for (var group = 0; group < groupCount; group++) SortGroup(group, orderBy);
    }

    public ReadOnlySpan<int> this[int group] => _rows.AsSpan(_starts[group], _starts[group + 1] - _starts[group]);

    void SortGroup(int group, ReadOnlySpan<int> orderBy)
    {
        var rows = _rows.AsSpan(_starts[group], _starts[group + 1] - _starts[group]);
        var isSorted = true;
        for (var i = 1; i < rows.Length && isSorted; i++) isSorted = orderBy[rows[i - 1]] <= orderBy[rows[i]];
        if (isSorted) return;
        var keys = new long[rows.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = (long)orderBy[rows[i]] << 32 | (uint)rows[i];
        Array.Sort(keys);
        for (var i = 0; i < keys.Length; i++) rows[i] = (int)keys[i];
    }
}
