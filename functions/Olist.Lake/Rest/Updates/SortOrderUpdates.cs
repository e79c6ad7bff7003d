using Olist.Lake.Metadata;

namespace Olist.Lake.Rest.Updates;

/// <summary>Adding sort orders; one of the same fields is used again, and no fields are always order 0.</summary>
static class SortOrderUpdates
{
    public static void Add(MetadataDraft draft, JsonNodeView json, FreshIds? ids = null)
    {
        var table = draft.Metadata;
        var fields = json.Get("fields").Items().Select(item => Read(table, item, ids)).ToArray();
        var (next, id) = KnownShapes.AddSortOrder(table, fields);
        if (!ReferenceEquals(next, table)) draft.Change(_ => next);
        draft.LastOrderId = id;
    }

    static SortField Read(TableMetadata table, JsonNodeView json, FreshIds? ids)
    {
        var source = Sources.Read(table, json, ids);
        return new SortField(source, Sources.Transform(table, source, json), OneOf(json.Get("direction"), "asc", "desc"), OneOf(json.Get("null-order"), "nulls-first", "nulls-last"));
    }

    static bool OneOf(JsonNodeView json, string yes, string no) => json.AsString() is var text && (text == yes || text == no)
        ? text == yes
        : throw json.Corrupt($"is '{text}'; expected {yes} or {no}");
}
