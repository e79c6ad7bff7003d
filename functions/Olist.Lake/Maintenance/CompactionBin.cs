using Olist.Lake.Partitioning;
using Olist.Lake.Scans;

namespace Olist.Lake.Maintenance;

/// <summary>Files of one partition that are rewritten together, oldest first.</summary>
/// <param name="FitsMemory">Its rows are sorted as a whole; else they go through row group by row group in the order they lie in.</param>
sealed record CompactionBin(int SpecId, PartitionKey Partition, IReadOnlyList<LiveFile> Files, bool FitsMemory);
