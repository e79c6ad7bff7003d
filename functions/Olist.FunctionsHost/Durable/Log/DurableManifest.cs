using Olist.FunctionsHost.Durable.EntityStore;

namespace Olist.FunctionsHost.Durable.Log;

/// <summary>What counts on disk: replaced as a whole, so log and entity store move on together.</summary>
/// <param name="FirstSegment">Of the log; earlier ones are in checkpoints.</param>
/// <param name="LastId">Of messages and entity batches when the checkpoint was made; later ones are higher.</param>
/// <param name="Entities">Segments of the entity store, by number; null is none.</param>
sealed record DurableManifest(int FirstSegment, long LastId = 0, IReadOnlyList<SegmentInfo>? Entities = null);
