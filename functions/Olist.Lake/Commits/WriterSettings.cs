using Olist.Formats.Parquet;
using Olist.Lake.Metadata;
using Olist.Lake.Schemas;

namespace Olist.Lake.Commits;

/// <summary>What a table's properties say about writing its data files.</summary>
sealed class WriterSettings
{
    readonly long _plainRows;

    public WriterSettings(TableMetadata metadata, TableName table)
    {
        var properties = metadata.Properties;
        TargetFileBytes = TableProperties.GetLong(properties, TableProperties.TargetFileBytes, TableProperties.TargetFileBytesDefault, $"Table {table}");
        _plainRows = TableProperties.GetLong(properties, TableProperties.PlainRows, 0, $"Table {table}");
        // An order that needs a transform or a column that is not known here is left alone: unsorted files are always right.
        var order = metadata.DefaultSortOrder;
        SortOrder = order.Fields.All(field => field.Transform is not (UnknownTransform or VoidTransform) && metadata.CurrentSchema.FindColumn(field.SourceId) is not null) ? order : SortOrder.Unsorted;
        var defaults = new ParquetWriterOptions();
        Parquet = defaults with
        {
            Codec = properties.GetValueOrDefault(TableProperties.Codec) switch
            {
                "uncompressed" or "none" => ParquetCodec.None,
                "gzip" => ParquetCodec.Gzip,
                _ => ParquetCodec.Snappy, // zstd, which other writers default to, is not there in .NET; readers go by the file
            },
            RowGroupBytes = Math.Max(1 << 16, TableProperties.GetLong(properties, TableProperties.RowGroupBytes, defaults.RowGroupBytes, $"Table {table}")),
            PageRows = (int)Math.Clamp(TableProperties.GetLong(properties, TableProperties.PageRows, defaults.PageRows, $"Table {table}"), 1, 1 << 20),
            BloomFilterColumns = properties.Where(property => property.Key.StartsWith(TableProperties.BloomFilterPrefix, StringComparison.Ordinal) && property.Value == "true")
                .Select(property => property.Key[TableProperties.BloomFilterPrefix.Length..]).ToHashSet(StringComparer.Ordinal),
            BloomFilterFalsePositives = TableProperties.GetLeastShare(properties, TableProperties.BloomFilterFppPrefix, $"Table {table}") ?? defaults.BloomFilterFalsePositives,
            // Without the schema, icebird can't map ids to names after a rename.
            KeyValues = [new("iceberg.schema", SchemaJson.Write(metadata.CurrentSchema))],
        };
    }

    public long TargetFileBytes { get; }
    public SortOrder SortOrder { get; }
    public ParquetWriterOptions Parquet { get; }

    /// <summary>For a file that a commit adds.</summary>
    /// <param name="rows">Its rows; null: not known yet, or many.</param>
    public ParquetWriterOptions ParquetOf(int? rows) => rows <= _plainRows ? Parquet with { Codec = ParquetCodec.None } : Parquet;
}
