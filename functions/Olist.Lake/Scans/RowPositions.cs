using Olist.Lake.Partitioning;

namespace Olist.Lake;

/// <summary>A data file that rows lie in.</summary>
sealed record PositionedFile(string Path, int SpecId, PartitionKey Partition, long Sequence);

/// <summary>Where rows lie: what <see cref="LakeTable.LookupAsync"/> found and <see cref="TableChange.Delete"/> removes. Opaque to callers; immutable.</summary>
public sealed class RowPositions
{
    internal RowPositions(IReadOnlyList<PositionedFile> files, int[] fileOf, long[] rows)
    {
        Files = files;
        FileOf = fileOf;
        Rows = rows;
    }

    /// <summary>No rows at all.</summary>
    public static RowPositions None { get; } = new([], [], []);

    internal IReadOnlyList<PositionedFile> Files { get; }

    /// <summary>Index into <see cref="Files"/>, one per row.</summary>
    internal int[] FileOf { get; }

    /// <summary>Position in its file, one per row.</summary>
    internal long[] Rows { get; }

    /// <summary>Rows, in the order they were found in.</summary>
    public int Count => Rows.Length;

    /// <summary>The positions of some of the rows, by their index in what was found.</summary>
    public RowPositions Select(ReadOnlySpan<int> rows)
    {
        var fileOf = new int[rows.Length];
        var selected = new long[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            fileOf[i] = FileOf[rows[i]];
            selected[i] = Rows[rows[i]];
        }
        return new RowPositions(Files, fileOf, selected);
    }
}
