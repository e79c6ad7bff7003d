namespace Olist.Pipeline.Steps.Batch;

/// <summary>Something that was gone on from came otherwise. It stays inside of a run, which computes again.</summary>
sealed class UnforeseenException() : Exception("A table that this was computed from was committed otherwise than foreseen: somebody else changed it at that moment.");
