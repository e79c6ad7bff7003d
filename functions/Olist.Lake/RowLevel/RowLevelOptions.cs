using Olist.Lake.Metadata;

namespace Olist.Lake;

/// <summary>How a change by filter is committed. Immutable.</summary>
public sealed record RowLevelOptions
{
    /// <summary>Null: as the table's properties say, else merge-on-read. Files that lose all of their rows are only taken off the list either way.</summary>
    public RowLevelMode? Mode { get; init; }

    /// <summary>The branch to change, which must be there. Default: main.</summary>
    public string Branch { get; init; } = TableMetadata.MainBranch;

    /// <summary>Extra snapshot summary entries.</summary>
    public IReadOnlyDictionary<string, string> Summary { get; init; } = new Dictionary<string, string>();

    /// <summary>How often the rows are looked for again when somebody else changed them meanwhile. Default 3.</summary>
    public int Retries { get; init; } = 3;
}
