namespace Olist.Lake;

/// <summary>How rows are taken out of data files, which never change.</summary>
public enum RowLevelMode
{
    /// <summary>Position delete files name them, and readers leave them out: costs what the change costs, and each scan a little. <c>merge-on-read</c> in table properties.</summary>
    MergeOnRead,

    /// <summary>The files that they lie in are written again without them: costs what those files cost, and scans nothing. <c>copy-on-write</c> in table properties.</summary>
    CopyOnWrite,
}
