namespace Olist.Pipeline.Datasets;

/// <summary>A row that was set aside.</summary>
/// <param name="File">Name of the CSV file.</param>
/// <param name="Line">Physical line on which the row begins, from 1.</param>
/// <param name="Reason">Which field, what was found, what was expected.</param>
/// <param name="Raw">The row as it is in the file, clipped to about 200 bytes.</param>
public sealed record RejectedRow(string File, long Line, string Reason, string Raw)
{
    public override string ToString() => $"{File}:{Line}: {Reason}";
}
