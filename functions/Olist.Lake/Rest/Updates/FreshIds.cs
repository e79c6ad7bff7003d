using Olist.Lake.Metadata;

namespace Olist.Lake.Rest.Updates;

/// <summary>New field ids for a new table: the fields of a struct first, then what is inside of them, from 1 on.</summary>
sealed class FreshIds
{
    readonly Dictionary<int, int> _fresh = [];

    int Next(int id) => _fresh[id] = _fresh.Count + 1;

    /// <summary>The new id of a field that partitioning or order refers to.</summary>
    public int Of(int id, JsonNodeView json) => _fresh.TryGetValue(id, out var fresh) ? fresh : throw json.Corrupt($"source {id} is no field of the schema");

    public TableSchema Assign(TableSchema schema) => new(0, Assign(schema.Fields), [.. schema.IdentifierFieldIds.Select(id => _fresh[id])]);

    NestedField[] Assign(IReadOnlyList<NestedField> fields)
    {
        var renumbered = fields.Select(field => field with { Id = Next(field.Id) }).ToArray();
        return [.. renumbered.Select(field => field with { Type = Assign(field.Type) })];
    }

    IcebergType Assign(IcebergType type)
    {
        switch (type)
        {
            case StructType fields:
                return new StructType(Assign(fields.Fields));
            case ListType list:
                var elementId = Next(list.ElementId);
                return list with { ElementId = elementId, Element = Assign(list.Element) };
            case MapType map:
                var (keyId, valueId) = (Next(map.KeyId), Next(map.ValueId));
                return map with { KeyId = keyId, Key = Assign(map.Key), ValueId = valueId, Value = Assign(map.Value) };
            default:
                return type;
        }
    }
}
