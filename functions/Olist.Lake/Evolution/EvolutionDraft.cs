using Olist.Lake.Metadata;

namespace Olist.Lake.Evolution;

/// <summary>A table's schema, partitioning, order and properties under change; the parts see each other, so that nothing is taken away that another part needs.</summary>
sealed class EvolutionDraft
{
    readonly TableMetadata _head;
    readonly TableName _table;
    IReadOnlyList<SortField> _sort;

    public EvolutionDraft(TableMetadata head, TableName table)
    {
        _head = head;
        _table = table;
        _sort = head.DefaultSortOrder.Fields;
        Schema = new SchemaDraft(this, head);
        Spec = new SpecDraft(this, head);
        Properties = new PropertyDraft(this, head.Properties);
    }

    public SchemaDraft Schema { get; }
    public SpecDraft Spec { get; }
    public PropertyDraft Properties { get; }

    /// <summary>Sources of the sort order that new files get.</summary>
    public IEnumerable<int> SortSources => _sort.Select(key => key.SourceId);

    public EvolutionException Refuse(string field, string why) => new($"Table {_table} can't be changed: {why}. Nothing was changed.") { Field = field };

    public void SortBy(IReadOnlyList<SortKey> keys) =>
        _sort = [.. keys.Select(key => new SortField(Schema.Column(key.Column, "sort by").FieldId, Bind(key.Column, key.Transform), key.Ascending, key.NullsFirst))];

    /// <summary>A transform that the column can go through.</summary>
    public Transform Bind(string column, string text)
    {
        var transform = Transform.Parse(text);
        if (transform is UnknownTransform) throw Refuse(column, $"transform '{text}' of column {column} is not known (identity, bucket[n], truncate[n], year, month, day, hour)");
        try
        {
            transform.ResultType(Schema.Column(column, "transform").Type);
        }
        catch (UnsupportedFormatException e)
        {
            throw Refuse(column, $"column {column}: {e.Message.TrimEnd('.')}");
        }
        return transform;
    }

    public TableMetadata Build()
    {
        var (next, schemaId) = KnownShapes.AddSchema(_head, Schema.Build(), Schema.LastColumnId);
        (next, var specId) = KnownShapes.AddSpec(next, Spec.Fields, Spec.LastPartitionId);
        (next, var orderId) = KnownShapes.AddSortOrder(next, _sort);
        var properties = Properties.Build();
        var isSame = ReferenceEquals(next, _head) && ReferenceEquals(properties, _head.Properties) && schemaId == _head.CurrentSchemaId && specId == _head.DefaultSpecId && orderId == _head.DefaultSortOrderId;
        if (isSame) return _head;
        next = next with { CurrentSchemaId = schemaId, DefaultSpecId = specId, DefaultSortOrderId = orderId, Properties = properties };
        DocumentChecks.Check(next, $"The metadata that table {_table} would get", "Nothing was changed.");
        return next;
    }
}
