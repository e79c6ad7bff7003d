using Olist.Lake.Schemas;

namespace Olist.Lake.Metadata;

/// <summary>Adds schemas, partition specs and sort orders to metadata. One that is there already, whatever its id, is used again, the current one first.</summary>
static class KnownShapes
{
    /// <param name="lastColumnId">The highest field id that was given out; never goes down.</param>
    public static (TableMetadata Metadata, int Id) AddSchema(TableMetadata table, TableSchema schema, int lastColumnId)
    {
        var text = SchemaJson.Write(With(schema, 0));
        if (table.Schemas.OrderByDescending(known => known.SchemaId == table.CurrentSchemaId).FirstOrDefault(known => SchemaJson.Write(With(known, 0)) == text) is { } same) return (table, same.SchemaId);
        var id = table.Schemas.Count == 0 ? 0 : table.Schemas.Max(known => known.SchemaId) + 1;
        return (table with { Schemas = [.. table.Schemas, With(schema, id)], LastColumnId = Math.Max(Math.Max(table.LastColumnId, lastColumnId), schema.HighestId) }, id);
    }

    static TableSchema With(TableSchema schema, int id) => new(id, schema.Fields, schema.IdentifierFieldIds);

    public static (TableMetadata Metadata, int Id) AddSpec(TableMetadata table, IReadOnlyList<PartitionField> fields, int lastPartitionId)
    {
        static IEnumerable<(int, string, string)> Shape(IEnumerable<PartitionField> fields) => fields.Select(field => (field.SourceId, field.Name, field.Transform.ToString() ?? ""));
        if (table.Specs.OrderByDescending(spec => spec.SpecId == table.DefaultSpecId).FirstOrDefault(spec => Shape(spec.Fields).SequenceEqual(Shape(fields))) is { } same) return (table, same.SpecId);
        var id = table.Specs.Count == 0 ? 0 : table.Specs.Max(spec => spec.SpecId) + 1;
        return (table with { Specs = [.. table.Specs, new PartitionSpec(id, fields)], LastPartitionId = Math.Max(table.LastPartitionId, lastPartitionId) }, id);
    }

    /// <summary>The id of a partition field: that of an equal one of an earlier spec, else a new one.</summary>
    public static int PartitionFieldId(TableMetadata table, int sourceId, Transform transform, int lastPartitionId) =>
        table.Specs.SelectMany(spec => spec.Fields).FirstOrDefault(field => IsSame(field, sourceId, transform))?.FieldId ?? Math.Max(lastPartitionId, PartitionSpec.FirstFieldId - 1) + 1;

    public static bool IsSame(PartitionField field, int sourceId, Transform transform) => field.SourceId == sourceId && field.Transform.ToString() == transform.ToString();

    public static (TableMetadata Metadata, int Id) AddSortOrder(TableMetadata table, IReadOnlyList<SortField> fields)
    {
        static IEnumerable<(int, string, bool, bool)> Shape(IEnumerable<SortField> fields) => fields.Select(field => (field.SourceId, field.Transform.ToString() ?? "", field.Ascending, field.NullsFirst));
        if (table.SortOrders.OrderByDescending(order => order.OrderId == table.DefaultSortOrderId).FirstOrDefault(order => Shape(order.Fields).SequenceEqual(Shape(fields))) is { } same) return (table, same.OrderId);
        var id = fields.Count == 0 ? 0 : table.SortOrders.Select(order => order.OrderId).DefaultIfEmpty(0).Max() + 1;
        return (table with { SortOrders = [.. table.SortOrders, new SortOrder(id, fields)] }, id);
    }
}
