using System.Globalization;
using Olist.Formats;
using Olist.Formats.Avro;
using Olist.Lake.Metadata;

namespace Olist.Lake.Manifests;

/// <summary>Reads and writes manifest lists: all manifests of one snapshot.</summary>
static class ManifestLists
{
    public static async ValueTask<IReadOnlyList<ManifestFile>> ReadAsync(TableFiles files, string location, CancellationToken cancellationToken)
    {
        var content = await files.ReadAsync(location, cancellationToken);
        try
        {
            var (schema, _, records) = AvroFile.Read(content, location);
            var fields = new AvroFields((AvroRecordSchema)schema, (500, "manifest_path"), (501, "manifest_length"), (502, "partition_spec_id"), (517, "content"), (515, "sequence_number"),
                (516, "min_sequence_number"), (503, "added_snapshot_id"), (504, "added_files_count"), (505, "existing_files_count"), (506, "deleted_files_count"),
                (512, "added_rows_count"), (513, "existing_rows_count"), (514, "deleted_rows_count"), (507, "partitions"));
            var partitions = fields.RecordSchemaOf(507) is { } summary ? new AvroFields(summary, (509, "contains_null"), (518, "contains_nan"), (510, "lower_bound"), (511, "upper_bound")) : null;
            return records.Select(record => Read(record, fields, partitions)).ToArray();
        }
        catch (Exception e) when (e is FormatViolationException or OverflowException or InvalidCastException or ArgumentException)
        {
            throw files.Damaged(location, e);
        }
    }

    /// <summary>What a list takes in memory, bytes, about; most of its lines are shared with the lists before and after it.</summary>
    public static long Weigh(IReadOnlyList<ManifestFile> list) => 100L * list.Count;

    static ManifestFile Read(AvroRecord record, AvroFields fields, AvroFields? partitions) => new()
    {
        Path = fields.GetString(record, 500, "manifest_path"),
        Length = fields.GetLong(record, 501, "manifest_length"),
        SpecId = fields.GetInt(record, 502, "partition_spec_id"),
        IsDeletes = (fields.FindLong(record, 517) ?? 0) switch
        {
            0 => false,
            1 => true,
            var other => throw new FormatViolationException($"A manifest has content {other}; known are 0 and 1."),
        },
        Sequence = fields.FindLong(record, 515) ?? 0,
        MinSequence = fields.FindLong(record, 516) ?? 0,
        AddedSnapshotId = fields.GetLong(record, 503, "added_snapshot_id"),
        AddedFiles = fields.GetInt(record, 504, "added_files_count"),
        ExistingFiles = fields.GetInt(record, 505, "existing_files_count"),
        DeletedFiles = fields.GetInt(record, 506, "deleted_files_count"),
        AddedRows = fields.GetLong(record, 512, "added_rows_count"),
        ExistingRows = fields.GetLong(record, 513, "existing_rows_count"),
        DeletedRows = fields.GetLong(record, 514, "deleted_rows_count"),
        Partitions = partitions is not null && fields.Find(record, 507) is List<object?> summaries ? summaries.Select(summary => Read((AvroRecord)summary!, partitions)).ToArray() : [], // list items are records, never null
    };

    static PartitionSummary Read(AvroRecord record, AvroFields fields) =>
        new(fields.Find(record, 509) is not false, fields.Find(record, 518) as bool?, fields.Find(record, 510) as byte[], fields.Find(record, 511) as byte[]);

    public static byte[] Write(IEnumerable<ManifestFile> manifests, long snapshotId, long? parentId, long sequence)
    {
        KeyValuePair<string, string>[] header =
        [
            new("snapshot-id", snapshotId.ToString(CultureInfo.InvariantCulture)),
            new("parent-snapshot-id", parentId?.ToString(CultureInfo.InvariantCulture) ?? "null"),
            new("sequence-number", sequence.ToString(CultureInfo.InvariantCulture)),
            new("format-version", "2"),
        ];
        return AvroFile.Write(ManifestAvro.ManifestList, manifests.Select(ToRecord), header, deflate: true);
    }

    static object?[] ToRecord(ManifestFile manifest) =>
    [
        manifest.Path, manifest.Length, manifest.SpecId, manifest.IsDeletes ? 1 : 0, manifest.Sequence, manifest.MinSequence, manifest.AddedSnapshotId,
        manifest.AddedFiles, manifest.ExistingFiles, manifest.DeletedFiles, manifest.AddedRows, manifest.ExistingRows, manifest.DeletedRows,
        manifest.Partitions.Select(summary => (object?)new object?[] { summary.ContainsNull, summary.ContainsNan, summary.Lower, summary.Upper }).ToList(), null,
    ];
}
