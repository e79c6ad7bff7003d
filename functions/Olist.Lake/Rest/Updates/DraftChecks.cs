using Olist.Lake.Metadata;

namespace Olist.Lake.Rest.Updates;

/// <summary>What must hold of metadata that strangers made, before it is stored.</summary>
static class DraftChecks
{
    const string Document = "The table that the request makes";

    static readonly string[] Numbers =
    [
        TableProperties.TargetFileBytes, TableProperties.RowGroupBytes, TableProperties.PreviousVersionsMax, TableProperties.ManifestsToMerge,
        TableProperties.CommitRetries, TableProperties.CommitMinWaitMs, TableProperties.CommitMaxWaitMs,
    ];

    /// <exception cref="LakeException">The message names the field.</exception>
    public static void Check(TableMetadata metadata)
    {
        MetadataChecks.Check(metadata, Document, RequestJson.Advice);
        foreach (var field in metadata.DefaultSortOrder.Fields)
            if (metadata.CurrentSchema.FindColumn(field.SourceId) is null)
                throw new LakeException($"{Document}: the default sort order has source {field.SourceId}, which is no column of the current schema. {RequestJson.Advice}");
        foreach (var key in Numbers) TableProperties.GetLong(metadata.Properties, key, 0, Document);
        // The last word: what is written can be read, by the same reader as every version.
        TableMetadataReader.Read(TableMetadataWriter.Write(metadata), Document);
    }
}
