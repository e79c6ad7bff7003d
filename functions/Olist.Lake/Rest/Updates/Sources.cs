using Olist.Formats.Columns;
using Olist.Lake.Metadata;

namespace Olist.Lake.Rest.Updates;

/// <summary>Source column and transform of a partition or sort field, bound to the current schema.</summary>
static class Sources
{
    public static int Read(TableMetadata table, JsonNodeView json, FreshIds? ids)
    {
        if (table.Schemas.All(schema => schema.SchemaId != table.CurrentSchemaId)) throw json.Corrupt("there is no current schema yet that it could be bound to");
        var source = json.Get("source-id").AsInt();
        return ids is null ? source : ids.Of(source, json);
    }

    public static ColumnSchema Column(TableMetadata table, int source, JsonNodeView json) =>
        table.CurrentSchema.FindColumn(source) ?? throw json.Corrupt($"source {source} is no column of the current schema");

    public static Transform Transform(TableMetadata table, int source, JsonNodeView json)
    {
        var text = json.Get("transform").AsString();
        var transform = Lake.Transform.Parse(text);
        if (transform is UnknownTransform) throw json.Corrupt($"transform '{text}' is not known (identity, bucket[n], truncate[n], year, month, day, hour, void)");
        try
        {
            transform.ResultType(Column(table, source, json).Type);
        }
        catch (UnsupportedFormatException e)
        {
            throw json.Corrupt(e.Message.TrimEnd('.'));
        }
        return transform;
    }
}
