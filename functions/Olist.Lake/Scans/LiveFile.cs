using Olist.Lake.Manifests;
using Olist.Lake.Partitioning;

namespace Olist.Lake.Scans;

/// <summary>A file that is part of a snapshot.</summary>
/// <param name="SnapshotId">Of the snapshot that added it.</param>
/// <param name="Sequence">Data sequence number.</param>
sealed record LiveFile(DataFile File, int SpecId, long SnapshotId, long Sequence)
{
    public PartitionKey Partition => File.Partition;
}
