using Olist.Formats.Columns;
using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Steps.Gold;

/// <summary><c>gold.fact_monthly_sales_by_product</c>: pieces and money per product and month of delivery, and the product's place in the portfolio matrix.</summary>
/// <remarks>Sums change by what the orders of this run contribute now, less what the same orders contributed as of the watermark.
/// The matrix compares products inside a (category, month), so the months that changed are rated anew, whole.</remarks>
public sealed class MonthlySalesStep : BatchStep
{
    const string Detail = "gold.fact_order_detail", Lead = "gold.fact_order_lead_days";
    static readonly string[] DetailColumns = ["order_id", "product_id", "category", "quantity", "unit_price"];
    static readonly string[] LeadColumns = ["order_id", "delivered_customer"];

    public override string Target => "gold.fact_monthly_sales_by_product";
    public override IReadOnlyList<string> Sources => [Detail, Lead];

    protected override async ValueTask<StepOutput> ComputeAsync(StepInput input, CancellationToken cancellationToken)
    {
        var (details, lead) = (input[Detail], input[Lead]);
        var changedDetails = await details.ReadAsync(DetailColumns, cancellationToken);
        var delivered = Delivered(await lead.ReadAsync(LeadColumns, cancellationToken));

        // Nearly always the last step of a run, with the machine for itself: what does not wait for each other is looked up side by side, and the months first, as they are most of the work.
        var expected = SalesSums.MonthsOf(delivered);
        var monthsAhead = Task.Run(async () => await input.LookupTargetAsync(SalesSums.Periods(expected), cancellationToken), cancellationToken);
        if (lead.HasHistory)
        {
            var known = new KeyIndex(delivered["order_id"]).FindAll(changedDetails["order_id"]);
            var others = changedDetails["order_id"].Gather(Rows.Where(known.Length, row => known[row] < 0));
            var earlier = Delivered(await lead.LookupAsync(Rows.DistinctKeys("order_id", others), LeadColumns, cancellationToken));
            delivered = RowBatch.Concat(delivered.Schema, [delivered, earlier]);
        }

        var orders = delivered.Select("order_id");
        var countedBefore = Task.Run(() => CountedBeforeAsync(input, orders, cancellationToken), cancellationToken);
        var now = details.HasHistory ? await details.LookupAsync(orders, DetailColumns, cancellationToken) : changedDetails;
        var sums = SalesSums.Of((now, delivered), await countedBefore);

        var (existing, positions) = await monthsAhead;
        // A delivery that is another one now takes from a month that none is delivered in, and what was delivered earlier may have details only now.
        if (!sums.DistinctMonths().All(expected.Contains)) (existing, positions) = await input.LookupTargetAsync(SalesSums.Periods(sums.DistinctMonths()), cancellationToken);
        return new SalesMonths(existing, sums).Changes(positions, input.Target.Columns);
    }

    /// <summary>Most of these orders have just been delivered, so nothing of them was counted before.</summary>
    static async Task<(RowBatch Details, RowBatch Delivered)> CountedBeforeAsync(StepInput input, RowBatch orders, CancellationToken cancellationToken)
    {
        var delivered = Delivered(await input[Lead].LookupBeforeAsync(orders, LeadColumns, cancellationToken));
        return (await input[Detail].LookupBeforeAsync(delivered.Select("order_id"), DetailColumns, cancellationToken), delivered);
    }

    static RowBatch Delivered(RowBatch orders) =>
        orders.Gather(Rows.Where(orders.RowCount, row => !orders["delivered_customer"].IsNull(row)));
}
