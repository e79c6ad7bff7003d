using System.Numerics;
using Olist.Formats.Parquet;

namespace Olist.Lake.Scans;

/// <summary>Rows of one data file that are deleted by position. What delete files list is only noted; it becomes a bitmap when it is first asked for, so files that no key or filter leads to cost nothing.</summary>
/// <remarks>Positions may come in any order, more than once, and from beyond the file, where they mean nothing. Safe for many threads once all is listed.</remarks>
sealed class DeletedRows
{
    /// <summary>Rows of a block, a power of two: few deletes in a large file take 2 KB each at most, and a scan passes over blocks without any.</summary>
    const int BlockRows = 1 << 14;

    readonly long _rowCount;
    readonly List<long[]> _listed;
    readonly Lazy<Bitmap> _bitmap;

    /// <param name="Blocks">One bit a row; null where none of the block is deleted.</param>
    sealed record Bitmap(ulong[]?[] Blocks, long Count);

    /// <param name="rowCount">Rows of the data file.</param>
    /// <param name="before">What is deleted there already.</param>
    public DeletedRows(long rowCount, DeletedRows? before = null)
    {
        _rowCount = rowCount;
        _listed = [.. before?._listed ?? []];
        _bitmap = new Lazy<Bitmap>(Draw);
    }

    /// <summary>Notes what a delete file lists; the array is kept, and nothing may have been asked yet.</summary>
    public void Add(long[] positions) => _listed.Add(positions);

    /// <summary>Whether at least so many rows are deleted.</summary>
    public bool AreAtLeast(double rows)
    {
        // What is listed is no less than what is deleted, and mostly settles it.
        long listed = 0;
        foreach (var positions in _listed) listed += positions.Length;
        return rows <= 0 || (listed >= rows && _bitmap.Value.Count >= rows);
    }

    /// <summary>Which of some rows are deleted: a bit for each of them, or null when none is.</summary>
    /// <param name="firstRow">Position in the file that <paramref name="rows"/> count from.</param>
    /// <param name="rows">All of them in the file.</param>
    public ulong[]? Among(long firstRow, RowRanges rows)
    {
        var blocks = _bitmap.Value.Blocks;
        ulong[]? found = null;
        var place = 0;
        for (var i = 0; i < rows.Ranges.Count; i++)
        {
            var range = rows.Ranges[i];
            var (start, endExcl) = (firstRow + range.First, firstRow + range.EndExcl);
            for (var row = start; row < endExcl;)
            {
                if (blocks[row / BlockRows] is not { } block)
                {
                    row = ((row / BlockRows) + 1) * BlockRows;
                    continue;
                }
                var wordStart = row & ~63L;
                var word = block[WordOf(row)] & (ulong.MaxValue << (int)(row - wordStart));
                if (endExcl - wordStart < 64) word &= (1UL << (int)(endExcl - wordStart)) - 1;
                for (; word != 0; word &= word - 1) BatchRows.Set(ref found, rows.Count, place + (int)(wordStart + BitOperations.TrailingZeroCount(word) - start));
                row = wordStart + 64;
            }
            place += range.Count;
        }
        return found;
    }

    static int WordOf(long row) => (int)(row & (BlockRows - 1)) >> 6;

    Bitmap Draw()
    {
        var blocks = new ulong[]?[checked((int)((_rowCount + BlockRows - 1) / BlockRows))];
        long count = 0;
        foreach (var positions in _listed)
            foreach (var row in positions)
            {
                if ((ulong)row >= (ulong)_rowCount) continue;
                ref var word = ref (blocks[row / BlockRows] ??= new ulong[BlockRows / 64])[WordOf(row)];
                var bit = 1UL << (int)(row & 63);
                if ((word & bit) == 0) count++;
                word |= bit;
            }
        return new Bitmap(blocks, count);
    }
}
