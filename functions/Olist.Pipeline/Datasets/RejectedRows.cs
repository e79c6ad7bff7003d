namespace Olist.Pipeline.Datasets;

/// <summary>The rows of one file that were set aside: all of them counted, the first <see cref="MaxKept"/> kept.</summary>
public sealed class RejectedRows
{
    /// <summary>Enough to look into what is wrong with a file, and a bound on the memory that a file of garbage takes.</summary>
    public const int MaxKept = 10_000;

    readonly List<RejectedRow> _kept = [];

    public RejectedRows(string file) => File = file;

    public string File { get; }
    public long Count { get; private set; }
    public IReadOnlyList<RejectedRow> Kept => _kept;

    internal void Add(long line, string reason, string raw)
    {
        Count++;
        if (_kept.Count < MaxKept) _kept.Add(new RejectedRow(File, line, reason, raw));
    }
}
