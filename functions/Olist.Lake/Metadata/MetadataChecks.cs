using Olist.Formats.Columns;

namespace Olist.Lake.Metadata;

/// <summary>What must hold between the parts of a metadata document; the reference implementation refuses the same.</summary>
static class MetadataChecks
{
    /// <param name="file">What errors call the document.</param>
    /// <param name="advice">What errors end with.</param>
    public static void Check(TableMetadata metadata, string file, string advice = "The file is damaged, or was written wrongly.")
    {
        CorruptTableException Corrupt(string what) => new($"{file}: {what}. {advice}");

        if (!Guid.TryParse(metadata.TableUuid, out _)) throw Corrupt($"table-uuid '{metadata.TableUuid}' is no UUID");
        if (metadata.Location.Length == 0) throw Corrupt("location is empty");
        if (metadata.Schemas.All(schema => schema.SchemaId != metadata.CurrentSchemaId)) throw Corrupt($"current-schema-id {metadata.CurrentSchemaId} is not among the schemas");
        if (metadata.Schemas.Select(schema => schema.SchemaId).Distinct().Count() != metadata.Schemas.Count) throw Corrupt("two schemas have one id");
        if (metadata.Specs.All(spec => spec.SpecId != metadata.DefaultSpecId)) throw Corrupt($"default-spec-id {metadata.DefaultSpecId} is not among the partition-specs");
        if (metadata.SortOrders.All(order => order.OrderId != metadata.DefaultSortOrderId)) throw Corrupt($"default-sort-order-id {metadata.DefaultSortOrderId} is not among the sort-orders");
        var schema = metadata.CurrentSchema;
        foreach (var id in schema.IdentifierFieldIds)
            if (schema.FindColumn(id) is null) throw Corrupt($"identifier field {id} is no column of the current schema");
        if (schema.HighestId > metadata.LastColumnId) throw Corrupt($"last-column-id {metadata.LastColumnId} is below field id {schema.HighestId}");
        foreach (var field in metadata.DefaultSpec.Fields)
            if (field.Transform is not VoidTransform && schema.FindColumn(field.SourceId) is null)
                throw Corrupt($"partition field {field.Name} has source {field.SourceId}, which is no column of the current schema");
        CheckHistory(metadata, Corrupt);
    }

    static void CheckHistory(TableMetadata metadata, Func<string, CorruptTableException> corrupt)
    {
        var ids = new HashSet<long>(metadata.Snapshots.Count);
        foreach (var snapshot in metadata.Snapshots)
        {
            if (!ids.Add(snapshot.SnapshotId)) throw corrupt($"snapshot {snapshot.SnapshotId} stands there twice");
            if (snapshot.SequenceNumber > metadata.LastSequenceNumber)
                throw corrupt($"snapshot {snapshot.SnapshotId} has sequence number {snapshot.SequenceNumber}, above last-sequence-number {metadata.LastSequenceNumber}");
        }
        if (metadata.CurrentSnapshotId is { } current && !ids.Contains(current)) throw corrupt($"current-snapshot-id {current} is not among the snapshots");
        foreach (var (name, reference) in metadata.Refs)
            if (!ids.Contains(reference.SnapshotId)) throw corrupt($"ref {name} points to snapshot {reference.SnapshotId}, which is not listed");
        if (metadata.Refs.GetValueOrDefault(TableMetadata.MainBranch)?.SnapshotId != metadata.CurrentSnapshotId)
            throw corrupt($"ref main is not at current-snapshot-id {metadata.CurrentSnapshotId}");
    }

    /// <summary>Rules for a new table's definition, with words for whoever wrote it.</summary>
    public static void CheckDefinition(TableName name, TableDefinition definition)
    {
        LakeException Wrong(string what) => new($"Table {name} can't be made: {what}.");

        if (definition.Columns.Count == 0) throw Wrong("it has no columns");
        if (definition.Columns.GroupBy(column => column.FieldId).FirstOrDefault(group => group.Count() > 1) is { } twice) throw Wrong($"field id {twice.Key} is given to {string.Join(" and ", twice.Select(column => column.Name))}");
        if (definition.Columns.FirstOrDefault(column => column.FieldId is <= 0 or >= 2_147_483_447) is { } outside) throw Wrong($"column {outside.Name} has field id {outside.FieldId}, which is not between 1 and 2147483446");
        if (definition.Columns.GroupBy(column => column.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } same) throw Wrong($"there are several columns {same.Key}");
        foreach (var key in definition.Key)
        {
            var column = definition.Columns.FirstOrDefault(column => column.Name == key) ?? throw Wrong($"key column {key} is not among the columns");
            if (!column.Required) throw Wrong($"key column {key} is optional; identifier fields are required");
            if (column.Type.Kind is TypeKind.Float or TypeKind.Double) throw Wrong($"key column {key} is {column.Type}, which can't identify rows");
        }
    }
}
