using Olist.Formats.Columns;

namespace Olist.Pipeline.Model;

/// <summary>One table, and the topic of the same name where there is one.</summary>
/// <remarks>Immutable. The columns of a message are those of its schema file, in that order, which is also the order of the table's columns.</remarks>
public sealed class TableSpec
{
    readonly Lazy<IReadOnlyList<ColumnSchema>> _columns;

    internal TableSpec(Layer layer, string name, IReadOnlyList<string> key, IReadOnlyList<string>? sortOrder = null, IReadOnlyList<string>? lookupColumns = null, long? rowGroupBytes = null,
        Layer? schemaLayer = null, bool isTopic = false)
    {
        Layer = layer;
        Name = name;
        Key = key;
        SortOrder = sortOrder ?? (layer == Layer.Bronze ? [] : key);
        LookupColumns = lookupColumns ?? [];
        RowGroupBytes = rowGroupBytes;
        IsTopic = isTopic;
        SchemaResource = $"schemas/{NamespaceOf(schemaLayer ?? layer)}/{name}.avsc";
        _columns = new(() => SchemaFile.LoadColumns(SchemaResource));
    }

    public Layer Layer { get; }

    /// <summary>The table's name in its namespace, and the topic's name.</summary>
    public string Name { get; }

    /// <summary><c>bronze</c>, <c>silver</c>, <c>gold</c> or <c>stream</c>.</summary>
    public string Namespace => NamespaceOf(Layer);

    /// <summary><c>gold.fact_order_detail</c>.</summary>
    public string FullName => $"{Namespace}.{Name}";

    /// <summary>What makes a row one: the merge key, whose columns are required. A bronze table is append-only; its key names what its rows are about.</summary>
    public IReadOnlyList<string> Key { get; }

    /// <summary>Whether messages of this shape go over a topic called <see cref="Name"/>.</summary>
    public bool IsTopic { get; }

    /// <summary>The field that a message of the topic is keyed (so partitioned) by.</summary>
    public string MessageKey => this is { Layer: Layer.Silver, Name: "olist_user" } ? "user_id" : Columns[0].Name;

    /// <summary>Name of the embedded schema: <c>schemas/bronze/payment.avsc</c>. Tables of <see cref="Layer.Stream"/> have those of gold.</summary>
    public string SchemaResource { get; }

    /// <summary>The columns of the schema; field i has id i + 1.</summary>
    public IReadOnlyList<ColumnSchema> Columns => _columns.Value;

    /// <summary>Columns that the table has after those of the schema: where a bronze row came from; empty elsewhere.</summary>
    public IReadOnlyList<ColumnSchema> OriginColumns => Layer != Layer.Bronze ? [] :
    [
        new(Columns.Count + 1, "ingest_time", DataType.TimestampTz),
        new(Columns.Count + 2, "_topic", DataType.String),
        new(Columns.Count + 3, "_partition", DataType.Int),
        new(Columns.Count + 4, "_offset", DataType.Long),
    ];

    /// <summary>All columns of the table.</summary>
    public IReadOnlyList<ColumnSchema> TableColumns => [.. Columns, .. OriginColumns];

    /// <summary>Partition fields as (column, Iceberg transform). None: row groups in the order of time
    /// and bloom filters prune as well, and every commit would have to write a file for each partition it touches.</summary>
    public IReadOnlyList<(string Column, string Transform)> Partitioning { get; } = [];

    /// <summary>What the rows of a file are sorted by; empty: the order of arrival. Tables that grow with the orders are kept in the order of time, by a column or by arrival: what changes next is what came last, so a look-up finds it all in few row groups.</summary>
    public IReadOnlyList<string> SortOrder { get; }

    /// <summary>Columns by which steps and queries look rows up.</summary>
    public IReadOnlyList<string> LookupColumns { get; }

    /// <summary>Size of row groups before compression, the least that a look-up reads; <see langword="null"/> for the writer's own.</summary>
    public long? RowGroupBytes { get; }

    /// <summary>The schema as JSON text.</summary>
    public string LoadSchemaJson() => SchemaFile.Load(SchemaResource);

    public override string ToString() => FullName;

    static string NamespaceOf(Layer layer) => layer switch
    {
        Layer.Bronze => "bronze",
        Layer.Silver => "silver",
        Layer.Gold => "gold",
        _ => "stream",
    };
}
