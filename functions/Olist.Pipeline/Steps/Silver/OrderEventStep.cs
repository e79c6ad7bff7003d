using Olist.Formats.Columns;
using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Steps.Silver;

/// <summary><c>silver.order_event</c>: every instant that matters to an order's way, once each.</summary>
public sealed class OrderEventStep : BatchStep
{
    const string Status = "bronze.order_status", Estimated = "bronze.estimated_delivery_date", Item = "bronze.order_item";
    static readonly string[] Key = ["order_id", "data_type", "timestamp"];

    public override string Target => "silver.order_event";
    public override IReadOnlyList<string> Sources => [Status, Estimated, Item];

    protected override async ValueTask<StepOutput> ComputeAsync(StepInput input, CancellationToken cancellationToken)
    {
        var status = await input[Status].ReadAsync(["order_id", "status", "timestamp"], cancellationToken);
        var estimated = await input[Estimated].ReadAsync(["order_id", "estimated_delivery_date"], cancellationToken);
        var items = await input[Item].ReadAsync(["order_id", "shipping_limit_date"], cancellationToken);
        var schema = input.Target.Columns;
        var all = RowBatch.Concat(schema,
        [
            Events(schema, status["order_id"], Kinds(status.Bytes("status")), status["timestamp"]),
            Events(schema, estimated["order_id"], Rows.Constant("estimated_delivery", estimated.RowCount), estimated["estimated_delivery_date"]),
            Events(schema, items["order_id"], Rows.Constant("shipping_limit", items.RowCount), items["shipping_limit_date"]),
        ]);
        var distinct = all.Gather(Rows.Distinct([.. all.Columns]));
        // The key is the whole row: what is found is there already, what is not goes in.
        return await Upsert.ChangedAsync(input, distinct, Key, cancellationToken);
    }

    static RowBatch Events(IReadOnlyList<ColumnSchema> schema, Column orders, Column kinds, Column times) =>
        Rows.WithAll(Rows.Of(schema, ("order_id", orders), ("data_type", kinds), ("timestamp", times)), "data_type", "timestamp");

    /// <summary>Silver calls the approval <c>approve</c>, bronze <c>approved</c>.</summary>
    internal static BytesColumn Kinds(BytesColumn statuses)
    {
        var renamed = new BytesBuilder(DataType.String, statuses.Count, statuses.Count * 12);
        for (var row = 0; row < statuses.Count; row++)
            if (statuses.IsNull(row)) renamed.AppendNull();
            else renamed.Append(statuses[row].SequenceEqual("approved"u8) ? "approve"u8 : statuses[row]);
        return (BytesColumn)renamed.Build();
    }
}
