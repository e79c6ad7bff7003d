using Olist.Lake.Scans;

namespace Olist.Lake.RowLevel;

/// <summary>What a change takes out of a table: rows by position, and files of which every live row goes.</summary>
/// <param name="MayMatch">Of a removal by filter: whether a file can hold rows that it speaks of, so that one added meanwhile is a conflict. Null: the rows were named one by one.</param>
sealed record RowRemoval(RowPositions Positions, IReadOnlyList<LiveFile> WholeFiles, Func<LiveFile, bool>? MayMatch = null)
{
    public bool IsEmpty => Positions.Count == 0 && WholeFiles.Count == 0;

    /// <summary>Paths of the data files that lose rows but not all.</summary>
    public IEnumerable<string> TouchedPaths => Positions.FileOf.Distinct().Select(file => Positions.Files[file].Path);
}
