using Olist.Formats.Columns;
using Olist.Lake.Metadata;
using Olist.Lake.Schemas;

namespace Olist.Lake.Catalogs;

/// <summary>The first metadata of a table.</summary>
static class NewTable
{
    /// <exception cref="LakeException">The definition contradicts itself; the message names what.</exception>
    public static TableMetadata Create(TableName name, TableDefinition definition, string location, Guid uuid, DateTimeOffset now)
    {
        MetadataChecks.CheckDefinition(name, definition);
        ColumnSchema Find(string column, string what) => definition.Columns.FirstOrDefault(known => known.Name == column)
            ?? throw new LakeException($"Table {name} can't be made: {what} column {column} is not among the columns.");

        var spec = new PartitionSpec(0, definition.Partitioning.Select((field, i) =>
        {
            var source = Find(field.Column, "partition");
            var transform = Transform.Parse(field.Transform);
            if (transform is UnknownTransform) throw new LakeException($"Table {name} can't be made: partition transform '{field.Transform}' is not known (identity, bucket[n], truncate[n], year, month, day, hour, void).");
            transform.ResultType(source.Type);
            var fieldName = NameOf(field.Column, transform);
            // The reference implementation refuses a partition field that is named like another column.
            while (transform is not IdentityTransform && definition.Columns.Any(column => column.Name == fieldName)) fieldName += "_part";
            return new PartitionField(source.FieldId, PartitionSpec.FirstFieldId + i, fieldName, transform);
        }).ToArray());
        var orders = new List<SortOrder> { SortOrder.Unsorted };
        if (definition.SortOrder.Count > 0)
            orders.Add(new SortOrder(1, definition.SortOrder.Select(column => new SortField(Find(column, "sort").FieldId, IdentityTransform.Instance, Ascending: true, NullsFirst: true)).ToArray()));
        var properties = new Dictionary<string, string>(TableProperties.Defaults, StringComparer.Ordinal);
        foreach (var (key, value) in definition.Properties) properties[key] = value;
        return new TableMetadata
        {
            TableUuid = uuid.ToString(),
            Location = location,
            LastUpdatedMs = now.ToUnixTimeMilliseconds(),
            LastColumnId = definition.Columns.Max(column => column.FieldId),
            Schemas = [new TableSchema(0, [.. definition.Columns.Select(column => new NestedField(column.FieldId, column.Name, column.Required, new PrimitiveType(column.Type)))], [.. definition.Key.Select(key => Find(key, "key").FieldId)])],
            CurrentSchemaId = 0,
            Specs = [spec],
            DefaultSpecId = 0,
            LastPartitionId = PartitionSpec.FirstFieldId - 1 + spec.Fields.Count,
            SortOrders = orders,
            DefaultSortOrderId = orders[^1].OrderId,
            Properties = properties,
        };
    }

    /// <summary>As the reference implementation names them.</summary>
    public static string NameOf(string column, Transform transform) => transform switch
    {
        IdentityTransform => column,
        BucketTransform => column + "_bucket",
        TruncateTransform => column + "_trunc",
        VoidTransform => column + "_null",
        _ => $"{column}_{transform}",
    };

    /// <summary>A table that exists must be able to take the rows that the definition speaks of.</summary>
    public static void CheckFits(TableName name, TableDefinition definition, TableSchema schema)
    {
        foreach (var column in definition.Columns)
        {
            var found = schema.FindColumn(column.Name) ?? throw new LakeException(
                $"Table {name} exists without column {column.Name}, which its definition has; it has {string.Join(", ", schema.Columns.Select(known => known.Name))}. Add the column to the table, or use another lake.");
            if (found.Type != column.Type && !TypePromotion.Widens(column.Type, found.Type))
                throw new LakeException($"Table {name} exists with column {column.Name} as {found.Type}, its definition says {column.Type}. Change the table's schema, or use another lake.");
        }
    }
}
