namespace Olist.Lake.Metadata;

/// <summary>What must hold of metadata that callers or strangers made, before it is stored.</summary>
static class DocumentChecks
{
    static readonly string[] Numbers =
    [
        TableProperties.TargetFileBytes, TableProperties.RowGroupBytes, TableProperties.PreviousVersionsMax, TableProperties.ManifestsToMerge,
        TableProperties.CommitRetries, TableProperties.CommitMinWaitMs, TableProperties.CommitMaxWaitMs,
    ];

    /// <param name="document">What errors call it.</param>
    /// <param name="advice">What errors end with.</param>
    /// <exception cref="LakeException">The message names the field.</exception>
    public static void Check(TableMetadata metadata, string document, string advice)
    {
        MetadataChecks.Check(metadata, document, advice);
        foreach (var field in metadata.DefaultSortOrder.Fields)
            if (metadata.CurrentSchema.FindColumn(field.SourceId) is null)
                throw new LakeException($"{document}: the default sort order has source {field.SourceId}, which is no column of the current schema. {advice}");
        foreach (var key in Numbers) TableProperties.GetLong(metadata.Properties, key, 0, document);
        TableProperties.CheckModes(metadata.Properties, document);
        // The last word: what is written can be read, by the same reader as every version.
        TableMetadataReader.Read(TableMetadataWriter.Write(metadata), document);
    }
}
