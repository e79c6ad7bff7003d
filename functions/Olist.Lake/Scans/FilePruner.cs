using Olist.Formats.Columns;
using Olist.Formats.Parquet;
using Olist.Lake.Manifests;
using Olist.Lake.Metadata;
using Olist.Lake.Schemas;

namespace Olist.Lake.Scans;

/// <summary>Tells which manifests, files and row groups can't hold any wanted row. True when in doubt.</summary>
sealed class FilePruner
{
    readonly IReadOnlyDictionary<int, ValueSet> _wanted;
    readonly Dictionary<int, ValueSet?[]> _bySpec = [];

    /// <param name="wanted">By field id; a row counts only when all of its columns are in their set.</param>
    public FilePruner(TableMetadata metadata, IReadOnlyDictionary<int, ValueSet> wanted)
    {
        _wanted = wanted;
        foreach (var spec in metadata.Specs)
            _bySpec[spec.SpecId] = spec.Fields.Select(field => wanted.TryGetValue(field.SourceId, out var set) ? set.Through(field.Transform) : null).ToArray();
    }

    public static FilePruner None(TableMetadata metadata) => new(metadata, new Dictionary<int, ValueSet>());

    public bool MayMatch(ManifestFile manifest)
    {
        if (!_bySpec.TryGetValue(manifest.SpecId, out var sets)) throw new CorruptTableException($"Manifest {manifest.Path} is said to be of partition spec {manifest.SpecId}, which the table's metadata does not list. Its manifest list is damaged, or belongs to another table.");
        for (var i = 0; i < sets.Length && i < manifest.Partitions.Count; i++)
        {
            var summary = manifest.Partitions[i];
            if (sets[i] is not { } set || (set.IncludesNull && summary.ContainsNull) || summary.ContainsNan == true) continue;
            if (summary.Lower is null && summary.Upper is null ? !summary.ContainsNull || !set.IncludesNull : !set.Intersects(summary.Lower, summary.Upper)) return false;
        }
        return true;
    }

    public bool MayMatch(DataFile file, int specId)
    {
        var sets = _bySpec[specId];
        for (var i = 0; i < sets.Length; i++)
            if (sets[i] is { } set && !set.Contains(file.Partition.Values[i])) return false;
        foreach (var (id, set) in _wanted)
        {
            if (set.IncludesNull && file.NullCounts?.GetValueOrDefault(id, 1) != 0) continue;
            if (!set.Intersects(file.LowerBounds?.GetValueOrDefault(id), file.UpperBounds?.GetValueOrDefault(id))) return false;
        }
        return true;
    }

    public bool MayMatch(ParquetReader reader, int rowGroup)
    {
        foreach (var (id, set) in _wanted)
        {
            if (reader.Statistics(rowGroup, id) is not { } statistics || (set.IncludesNull && statistics.NullCount != 0)) continue;
            if (!set.Intersects(Bound(statistics.Type, statistics.Min), Bound(statistics.Type, statistics.Max))) return false;
        }
        return true;
    }

    /// <summary>Of a file's statistics, as the table has values.</summary>
    public static byte[]? Bound(DataType type, byte[]? plain) => plain is null ? null : SingleValue.OfPlain(type, plain);
}
