using System.Globalization;
using Olist.Lake.Manifests;

namespace Olist.Lake.Commits;

/// <summary>The counts of a snapshot's summary: what was added and removed, and the totals after it. Zeros are left out of the former.</summary>
static class SummaryBuilder
{
    public static Dictionary<string, string> Build(LakeSnapshot? parent, IReadOnlyList<DataFile> data, IReadOnlyList<DataFile> deletes, IReadOnlyCollection<DataFile> removed)
    {
        var summary = new Dictionary<string, string>(StringComparer.Ordinal);
        void Add(string key, long count)
        {
            if (count != 0) summary[key] = count.ToString(CultureInfo.InvariantCulture);
        }

        var records = data.Sum(file => file.RecordCount);
        var bytes = data.Sum(file => file.FileBytes) + deletes.Sum(file => file.FileBytes);
        var deleted = deletes.Sum(file => file.RecordCount);
        Add(SummaryKeys.AddedDataFiles, data.Count);
        Add(SummaryKeys.AddedRecords, records);
        Add(SummaryKeys.AddedFilesSize, bytes);
        Add(SummaryKeys.AddedDeleteFiles, deletes.Count);
        Add(SummaryKeys.AddedPositionDeleteFiles, deletes.Count);
        Add(SummaryKeys.AddedPositionDeletes, deleted);
        var removedData = removed.Where(file => file.Content == FileContent.Data).ToArray();
        long RemovedRows(FileContent content) => removed.Where(file => file.Content == content).Sum(file => file.RecordCount);
        Add(SummaryKeys.RemovedDataFiles, removedData.Length);
        Add(SummaryKeys.RemovedRecords, RemovedRows(FileContent.Data));
        Add(SummaryKeys.RemovedFilesSize, removed.Sum(file => file.FileBytes));
        Add(SummaryKeys.RemovedDeleteFiles, removed.Count - removedData.Length);
        Add(SummaryKeys.RemovedPositionDeleteFiles, removed.Count(file => file.Content == FileContent.PositionDeletes));
        Add(SummaryKeys.RemovedPositionDeletes, RemovedRows(FileContent.PositionDeletes));
        Add(SummaryKeys.RemovedEqualityDeleteFiles, removed.Count(file => file.Content == FileContent.EqualityDeletes));
        Add(SummaryKeys.RemovedEqualityDeletes, RemovedRows(FileContent.EqualityDeletes));
        Add(SummaryKeys.ChangedPartitions, data.Concat(deletes).Concat(removed).Select(file => file.Partition).Distinct().Count());

        void Total(string key, long added)
        {
            // A parent that does not know its total can't be counted on from.
            if (parent is null || parent.Summary.ContainsKey(key)) summary[key] = ((parent?.Count(key) ?? 0) + added).ToString(CultureInfo.InvariantCulture);
        }
        Total(SummaryKeys.TotalDataFiles, data.Count - removedData.Length);
        Total(SummaryKeys.TotalRecords, records - RemovedRows(FileContent.Data));
        Total(SummaryKeys.TotalFilesSize, bytes - removed.Sum(file => file.FileBytes));
        Total(SummaryKeys.TotalDeleteFiles, deletes.Count - (removed.Count - removedData.Length));
        Total(SummaryKeys.TotalPositionDeletes, deleted - RemovedRows(FileContent.PositionDeletes));
        Total(SummaryKeys.TotalEqualityDeletes, -RemovedRows(FileContent.EqualityDeletes));
        return summary;
    }
}
