using Olist.Formats.Columns;

namespace Olist.Lake.Tests.Properties;

/// <summary>A step made concrete: rows chosen, values drawn.</summary>
/// <param name="Run">Does it to a table; the snapshot that it committed, if it commits one. Called again after an error that left nothing behind.</param>
sealed record Operation(Func<LakeTable, Task<LakeSnapshot?>> Run)
{
    /// <summary>What its snapshot does to the rows; null for an operation that leaves them alone.</summary>
    public Effect? Effect { get; init; }

    /// <summary>Whether the table shows that it was done, for what does not show by a snapshot.</summary>
    public Func<LakeTable, bool>? IsDone { get; init; }

    /// <summary>Whether there was nothing to do, or it was refused with a right reason.</summary>
    public Func<bool> MayDoNothing { get; init; } = () => false;

    /// <summary>Main may end elsewhere than on top of where it was: where it should be, null for nowhere else.</summary>
    public Func<long?>? MovedTo { get; init; }

    /// <summary>The columns after it, null for no change.</summary>
    public IReadOnlyList<ColumnSchema>? Columns { get; init; }

    /// <summary>The branch or tag that it may change.</summary>
    public string? Reference { get; init; }

    /// <summary>Judges what was read, once the model knows all snapshots.</summary>
    public Action Judge { get; init; } = () => { };

    public static Operation Nothing { get; } = new(_ => Task.FromResult<LakeSnapshot?>(null));
}
