using Olist.Lake.Manifests;

namespace Olist.Lake.Commits;

/// <summary>A file that a commit adds.</summary>
/// <param name="Sequence">Its data sequence number; unassigned: that of the commit.</param>
sealed record AddedFile(int SpecId, DataFile File, long Sequence = ManifestWriter.Unassigned);
