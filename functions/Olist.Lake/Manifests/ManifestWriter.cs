using System.Globalization;
using Olist.Formats.Avro;
using Olist.Formats.Columns;
using Olist.Lake.Metadata;
using Olist.Lake.Schemas;

namespace Olist.Lake.Manifests;

/// <summary>Writes one manifest: entries of one spec, all data or all deletes.</summary>
/// <remarks>Added entries leave their sequence numbers null, so that they inherit what the manifest list says: a commit that has to be rebased writes only a new list.</remarks>
static class ManifestWriter
{
    /// <param name="sequence">Null: entries were added by this commit and inherit; else the number that the list will give, used for the smallest.</param>
    public static async ValueTask<ManifestFile> WriteAsync(TableFiles files, string fileName, TableMetadata metadata, PartitionSpec spec, bool isDeletes,
        IReadOnlyList<ManifestEntry> entries, long snapshotId, CancellationToken cancellationToken)
    {
        var types = spec.ResultTypes(metadata.Schemas.Reverse());
        KeyValuePair<string, string>[] header =
        [
            new("schema", SchemaJson.Write(metadata.CurrentSchema)),
            new("schema-id", metadata.CurrentSchemaId.ToString(CultureInfo.InvariantCulture)),
            new("partition-spec", JsonText.Of(json => TableMetadataWriter.WriteSpecFields(json, spec))),
            new("partition-spec-id", spec.SpecId.ToString(CultureInfo.InvariantCulture)),
            new("format-version", "2"),
            new("content", isDeletes ? "deletes" : "data"),
        ];
        var content = AvroFile.Write(ManifestAvro.Manifest(spec, types), entries.Select(entry => ToRecord(entry, types)), header, deflate: true);
        var location = await files.WriteMetadataFileAsync(fileName, content, cancellationToken);
        return Summarize(location, content.Length, spec, types, isDeletes, entries, snapshotId);
    }

    /// <summary>Sequence numbers of what this commit adds are <see cref="Unassigned"/> until the list is written.</summary>
    public const long Unassigned = -1;

    static ManifestFile Summarize(string location, long length, PartitionSpec spec, DataType[] types, bool isDeletes, IReadOnlyList<ManifestEntry> entries, long snapshotId)
    {
        int Files(EntryStatus status) => entries.Count(entry => entry.Status == status);
        long Rows(EntryStatus status) => entries.Where(entry => entry.Status == status).Sum(entry => entry.File.RecordCount);
        var explicitNumbers = entries.Where(entry => entry.IsLive && entry.Sequence != Unassigned).Select(entry => entry.Sequence).ToArray();
        return new ManifestFile
        {
            Path = location,
            Length = length,
            SpecId = spec.SpecId,
            IsDeletes = isDeletes,
            Sequence = Unassigned,
            MinSequence = explicitNumbers.Length == 0 ? Unassigned : explicitNumbers.Min(),
            AddedSnapshotId = snapshotId,
            AddedFiles = Files(EntryStatus.Added),
            ExistingFiles = Files(EntryStatus.Existing),
            DeletedFiles = Files(EntryStatus.Deleted),
            AddedRows = Rows(EntryStatus.Added),
            ExistingRows = Rows(EntryStatus.Existing),
            DeletedRows = Rows(EntryStatus.Deleted),
            Partitions = spec.Fields.Select((_, i) => SummarizeField(types[i], entries, i)).ToArray(),
        };
    }

    static PartitionSummary SummarizeField(DataType type, IReadOnlyList<ManifestEntry> entries, int field)
    {
        var isFloating = type.Kind is TypeKind.Float or TypeKind.Double;
        bool containsNull = false, containsNan = false;
        byte[]? lower = null, upper = null;
        foreach (var entry in entries)
        {
            var value = entry.File.Partition.Values[field];
            if (value is null) containsNull = true;
            else if (isFloating && double.IsNaN(SingleValue.ToDouble(value))) containsNan = true;
            else
            {
                if (lower is null || SingleValue.Compare(type, value, lower) < 0) lower = value;
                if (upper is null || SingleValue.Compare(type, value, upper) > 0) upper = value;
            }
        }
        return new PartitionSummary(containsNull, isFloating ? containsNan : null, lower, upper);
    }

    static object?[] ToRecord(ManifestEntry entry, DataType[] types)
    {
        var inherits = entry.Status == EntryStatus.Added && entry.Sequence == Unassigned;
        return [(int)entry.Status, entry.SnapshotId, inherits ? null : entry.Sequence, entry.FileSequence == Unassigned ? null : entry.FileSequence, ToRecord(entry.File, types)];
    }

    static object?[] ToRecord(DataFile file, DataType[] types)
    {
        var partition = new object?[types.Length];
        for (var i = 0; i < partition.Length; i++) partition[i] = PartitionValues.ToAvro(types[i], file.Partition.Values[i]);
        return
        [
            (int)file.Content, file.Path, file.Format, partition, file.RecordCount, file.FileBytes,
            Map(file.ColumnSizes), Map(file.ValueCounts), Map(file.NullCounts), Map(file.NanCounts), Map(file.LowerBounds), Map(file.UpperBounds),
            null, file.SplitOffsets?.Cast<object?>().ToList(), file.EqualityIds?.Cast<object?>().ToList(), file.SortOrderId, file.ReferencedDataFile,
        ];
    }

    static List<object?>? Map<T>(IReadOnlyDictionary<int, T>? map)
    {
        if (map is null) return null;
        var entries = new List<object?>(map.Count);
        foreach (var (key, value) in map) entries.Add(new object?[] { key, value });
        return entries;
    }
}
