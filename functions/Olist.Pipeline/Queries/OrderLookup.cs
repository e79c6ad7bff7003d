using Olist.Formats.Columns;
using Olist.Lake;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Pipeline.Queries;

/// <summary>Everything the batch layer knows of one order.</summary>
/// <param name="LeadDays">Its row of <c>gold.fact_order_lead_days</c>.</param>
/// <param name="Details">Its rows of <c>gold.fact_order_detail</c>.</param>
/// <param name="Events">Its rows of <c>silver.order_event</c>, oldest first.</param>
/// <param name="AsOf">The snapshots they come from.</param>
public sealed record OrderRecord(RowBatch LeadDays, RowBatch Details, RowBatch Events, AsOf AsOf);

/// <summary>Finds one order by its id, without scanning: files that can't hold it are not opened.</summary>
public sealed class OrderLookup(LakeTables lake)
{
    /// <returns><see langword="null"/> for an order that the batch layer has not seen.</returns>
    public async Task<OrderRecord?> FindAsync(string orderId, CancellationToken cancellationToken)
    {
        var keys = new RowBatch([new ColumnSchema(1, "order_id", DataType.String)], [BytesColumn.Of(orderId)], 1);
        var tables = new List<LakeTable>();
        var (leadDays, details, events) = (
            await LookupAsync("gold.fact_order_lead_days"), await LookupAsync("gold.fact_order_detail"), await LookupAsync("silver.order_event"));
        if (leadDays.RowCount == 0 && details.RowCount == 0) return null;
        var times = events.Longs("timestamp");
        int[] byTime = [.. Enumerable.Range(0, events.RowCount).OrderBy(row => times[row])];
        return new OrderRecord(leadDays, details, events.Gather(byTime), AsOf.Of(tables));

        async Task<RowBatch> LookupAsync(string name)
        {
            var table = await lake.EnsureAsync(name, cancellationToken);
            tables.Add(table);
            if (table.Current is null) return RowBatch.Empty(table.Columns);
            return (await table.LookupAsync(null, keys, null, cancellationToken)).Rows;
        }
    }
}
