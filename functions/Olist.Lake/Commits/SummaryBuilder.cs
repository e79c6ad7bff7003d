using System.Globalization;
using Olist.Lake.Manifests;

namespace Olist.Lake.Commits;

/// <summary>The counts of a snapshot's summary: what was added, and the totals after it. Zeros of what was added are left out.</summary>
static class SummaryBuilder
{
    public static Dictionary<string, string> Build(LakeSnapshot? parent, IReadOnlyList<DataFile> data, IReadOnlyList<DataFile> deletes)
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
        Add(SummaryKeys.ChangedPartitions, data.Concat(deletes).Select(file => file.Partition).Distinct().Count());

        void Total(string key, long added)
        {
            // A parent that does not know its total can't be counted on from.
            if (parent is null || parent.Summary.ContainsKey(key)) summary[key] = ((parent?.Count(key) ?? 0) + added).ToString(CultureInfo.InvariantCulture);
        }
        Total(SummaryKeys.TotalDataFiles, data.Count);
        Total(SummaryKeys.TotalRecords, records);
        Total(SummaryKeys.TotalFilesSize, bytes);
        Total(SummaryKeys.TotalDeleteFiles, deletes.Count);
        Total(SummaryKeys.TotalPositionDeletes, deleted);
        Total(SummaryKeys.TotalEqualityDeletes, 0);
        return summary;
    }
}
