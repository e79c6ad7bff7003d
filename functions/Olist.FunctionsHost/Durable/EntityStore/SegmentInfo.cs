namespace Olist.FunctionsHost.Durable.EntityStore;

/// <summary>A segment as the manifest names it.</summary>
/// <param name="Bytes">Length of the file.</param>
/// <param name="IndexAt">Offset at which the records end and the index begins.</param>
/// <param name="Records">Removals included.</param>
sealed record SegmentInfo(int Number, long Bytes, long IndexAt, int Records);
