using Olist.Formats;
using Olist.Formats.Avro;
using Olist.Formats.Columns;
using Olist.Lake.Metadata;
using Olist.Lake.Partitioning;

namespace Olist.Lake.Manifests;

/// <summary>Reads one manifest: sequence numbers that were left out come from the manifest list.</summary>
static class ManifestReader
{
    public static async ValueTask<IReadOnlyList<ManifestEntry>> ReadAsync(TableFiles files, ManifestFile manifest, TableMetadata metadata, CancellationToken cancellationToken)
    {
        var content = await files.ReadAsync(manifest.Path, cancellationToken);
        if (content.Length != manifest.Length)
            throw files.Contradiction(manifest.Path, $"has {content.Length} bytes, but its manifest list says {manifest.Length}");
        try
        {
            return Decode(content, manifest, metadata);
        }
        catch (Exception e) when (e is FormatViolationException or OverflowException or InvalidCastException or ArgumentException)
        {
            throw files.Damaged(manifest.Path, e);
        }
    }

    /// <summary>What a manifest's entries take in memory, bytes, about: five maps of a file's columns.</summary>
    public static long Weigh(IReadOnlyList<ManifestEntry> entries) => entries.Sum(entry => 1_500L + (300L * (entry.File.ValueCounts?.Count ?? entry.File.LowerBounds?.Count ?? 0)));

    static List<ManifestEntry> Decode(byte[] content, ManifestFile manifest, TableMetadata metadata)
    {
        var (schema, _, records) = AvroFile.Read(content, manifest.Path);
        var entry = new AvroFields((AvroRecordSchema)schema, (0, "status"), (1, "snapshot_id"), (3, "sequence_number"), (4, "file_sequence_number"), (2, "data_file"));
        var spec = metadata.GetSpec(manifest.SpecId);
        var file = new DataFileReader(entry.RecordSchemaOf(2) ?? throw new FormatViolationException("The manifest has no data_file record."), spec, spec.ResultTypes(metadata.Schemas.Reverse()));
        var entries = new List<ManifestEntry>(records.Count);
        foreach (var record in records)
        {
            var status = (EntryStatus)entry.GetInt(record, 0, "status");
            if (status is < EntryStatus.Existing or > EntryStatus.Deleted) throw new FormatViolationException($"Entry {entries.Count} has status {(int)status}; known are 0, 1 and 2.");
            var data = file.Read((AvroRecord)(entry.Find(record, 2) ?? throw new FormatViolationException($"Entry {entries.Count} has no data_file.")));
            if (manifest.IsDeletes == (data.Content == FileContent.Data))
                throw new FormatViolationException($"Entry {entries.Count} is {data.Content} in a manifest of {(manifest.IsDeletes ? "deletes" : "data")}.");
            entries.Add(new ManifestEntry(status, entry.FindLong(record, 1) ?? manifest.AddedSnapshotId,
                Number(entry.FindLong(record, 3), status, manifest, entries.Count), Number(entry.FindLong(record, 4), status, manifest, entries.Count), data));
        }
        return entries;
    }

    static long Number(long? own, EntryStatus status, ManifestFile manifest, int index) => own
        ?? (status == EntryStatus.Added || manifest.Sequence == 0 ? manifest.Sequence
            : throw new FormatViolationException($"Entry {index} is {status} and has no sequence number; only added entries inherit one."));
}

/// <summary>Reads <c>data_file</c> records of one manifest.</summary>
sealed class DataFileReader
{
    readonly AvroFields _fields;
    readonly AvroFields? _partition;
    readonly PartitionSpec _spec;
    readonly DataType[] _types;

    public DataFileReader(AvroRecordSchema schema, PartitionSpec spec, DataType[] types)
    {
        _fields = new AvroFields(schema, (134, "content"), (100, "file_path"), (101, "file_format"), (102, "partition"), (103, "record_count"), (104, "file_size_in_bytes"),
            (108, "column_sizes"), (109, "value_counts"), (110, "null_value_counts"), (137, "nan_value_counts"), (125, "lower_bounds"), (128, "upper_bounds"),
            (132, "split_offsets"), (135, "equality_ids"), (140, "sort_order_id"), (143, "referenced_data_file"));
        _partition = _fields.RecordSchemaOf(102) is { } partition ? new AvroFields(partition, spec.Fields.Select(field => (field.FieldId, field.Name)).ToArray()) : null;
        _spec = spec;
        _types = types;
    }

    public DataFile Read(AvroRecord record)
    {
        var content = (FileContent)(_fields.FindLong(record, 134) ?? 0);
        if (content is < FileContent.Data or > FileContent.EqualityDeletes) throw new FormatViolationException($"A file has content {(int)content}; known are 0, 1 and 2.");
        return new DataFile
        {
            Content = content,
            Path = _fields.GetString(record, 100, "file_path"),
            Format = _fields.GetString(record, 101, "file_format"),
            Partition = ReadPartition(record),
            RecordCount = NotNegative(_fields.GetLong(record, 103, "record_count"), "record_count"),
            FileBytes = NotNegative(_fields.GetLong(record, 104, "file_size_in_bytes"), "file_size_in_bytes"),
            ColumnSizes = Longs(record, 108),
            ValueCounts = Longs(record, 109),
            NullCounts = Longs(record, 110),
            NanCounts = Longs(record, 137),
            LowerBounds = Map(record, 125, value => value as byte[]),
            UpperBounds = Map(record, 128, value => value as byte[]),
            SplitOffsets = (_fields.Find(record, 132) as List<object?>)?.Select(Convert.ToInt64).ToArray(),
            EqualityIds = (_fields.Find(record, 135) as List<object?>)?.Select(Convert.ToInt32).ToArray(),
            SortOrderId = (int?)_fields.FindLong(record, 140),
            ReferencedDataFile = _fields.Find(record, 143) as string,
        };
    }

    PartitionKey ReadPartition(AvroRecord record)
    {
        if (_spec.Fields.Count == 0) return PartitionKey.None;
        if (_partition is null || _fields.Find(record, 102) is not AvroRecord partition) throw new FormatViolationException("A file has no partition record.");
        var values = new byte[]?[_spec.Fields.Count];
        for (var i = 0; i < values.Length; i++)
            if (_spec.Fields[i].Transform is not UnknownTransform) values[i] = PartitionValues.FromAvro(_types[i], _partition.Find(partition, _spec.Fields[i].FieldId));
        return new PartitionKey(values);
    }

    static long NotNegative(long number, string name) => number >= 0 ? number : throw new FormatViolationException($"A file has {name} {number}.");

    Dictionary<int, long>? Longs(AvroRecord record, int id) => Map(record, id, value => value switch { long number => number, int number => number, _ => (long?)null } ?? throw new FormatViolationException("A count is null."));

    /// <summary>Maps with number keys lie as lists of (key, value) records.</summary>
    Dictionary<int, T>? Map<T>(AvroRecord record, int id, Func<object?, T?> convert)
    {
        if (_fields.Find(record, id) is not List<object?> entries) return null;
        var map = new Dictionary<int, T>(entries.Count);
        foreach (var entry in entries)
        {
            if (entry is not AvroRecord { Values: [int key, var value] }) throw new FormatViolationException($"Field {id} of a file is no map from column to value.");
            if (convert(value) is { } converted) map[key] = converted;
        }
        return map;
    }
}
