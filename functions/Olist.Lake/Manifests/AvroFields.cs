using Olist.Formats.Avro;

namespace Olist.Lake.Manifests;

/// <summary>Fields of a record by Iceberg field id, which is what names them; files without ids are read by name.</summary>
/// <remarks>One instance per file: the schema is looked through once, not per record.</remarks>
sealed class AvroFields
{
    readonly Dictionary<int, int> _byId = [];

    public AvroFields(AvroRecordSchema schema, params (int Id, string Name)[] known)
    {
        Schema = schema;
        for (var i = 0; i < schema.Fields.Count; i++)
            if (schema.Fields[i].Attributes.TryGetValue("field-id", out var id) && id.TryGetInt32(out var number)) _byId.TryAdd(number, i);
        foreach (var (id, name) in known)
            if (!_byId.ContainsKey(id) && schema.Find(name) is var index and >= 0) _byId[id] = index;
    }

    public AvroRecordSchema Schema { get; }

    public object? Find(AvroRecord record, int id) => _byId.TryGetValue(id, out var index) ? record.Values[index] : null;

    public long GetLong(AvroRecord record, int id, string name) => FindLong(record, id) ?? throw Missing(name, id);
    public int GetInt(AvroRecord record, int id, string name) => checked((int)GetLong(record, id, name));
    public string GetString(AvroRecord record, int id, string name) => Find(record, id) as string ?? throw Missing(name, id);

    public long? FindLong(AvroRecord record, int id) => Find(record, id) switch
    {
        long number => number,
        int number => number,
        _ => null,
    };

    /// <summary>The record schema of a field, through a union or a list.</summary>
    public AvroRecordSchema? RecordSchemaOf(int id) => _byId.TryGetValue(id, out var index) ? Unwrap(Schema.Fields[index].Schema) : null;

    static AvroRecordSchema? Unwrap(AvroSchema schema) => schema switch
    {
        AvroRecordSchema record => record,
        AvroArraySchema array => Unwrap(array.Items),
        AvroUnionSchema union => union.Branches.Select(Unwrap).FirstOrDefault(branch => branch is not null),
        _ => null,
    };

    static Olist.Formats.FormatViolationException Missing(string name, int id) => new($"Field {name} (id {id}) is missing or null.");
}
