using Olist.Lake.Partitioning;
using Olist.Lake.Scans;

namespace Olist.Lake.Maintenance;

/// <summary>Files that are rewritten together, oldest first: of one partition, or of older specs.</summary>
/// <param name="SpecId">Of the files that are written.</param>
/// <param name="Partition">Of the files that are read and written; null: the rows are spread over the partitions of the spec.</param>
/// <param name="FitsMemory">Its rows are sorted as a whole; else they go through row group by row group in the order they lie in.</param>
sealed record CompactionBin(int SpecId, PartitionKey? Partition, IReadOnlyList<LiveFile> Files, bool FitsMemory);
