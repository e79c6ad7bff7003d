using Olist.Formats.Columns;
using Olist.Lake;

namespace Olist.Pipeline.Queries;

/// <summary>Sold pieces and money of one product in one month.</summary>
/// <param name="AmountCents">Money in hundredths of a real.</param>
public sealed record MonthlySale(string ProductId, string Category, string Period, long Pieces, long AmountCents, string Group);

/// <summary>What was sold: <c>gold.fact_monthly_sales_by_product</c> in memory, one object per row.</summary>
public sealed class SalesView
{
    public const string Table = "gold.fact_monthly_sales_by_product";

    SalesView(IReadOnlyList<MonthlySale> sales)
    {
        Sales = sales;
        LatestGroups = sales.GroupBy(sale => sale.ProductId).ToDictionary(product => product.Key, product => product.MaxBy(sale => sale.Period)!.Group);
    }

    /// <summary>All rows, by month, then product.</summary>
    public IReadOnlyList<MonthlySale> Sales { get; }

    /// <summary>The portfolio group of each product that was ever sold, in its latest month.</summary>
    public IReadOnlyDictionary<string, string> LatestGroups { get; }

    public static async Task<SalesView> PrepareAsync(LakeTable table, CancellationToken cancellationToken)
    {
        var sales = new List<MonthlySale>();
        await foreach (var rows in table.ScanAsync(null, null, cancellationToken))
        {
            var (product, category, period, group) = (rows.Bytes("product_id"), rows.Bytes("category"), rows.Bytes("sales_period"), rows.Bytes("group"));
            var (pieces, amount) = (rows.Longs("total_sales_quantity"), rows.Longs("total_sales_amount"));
            for (var row = 0; row < rows.RowCount; row++)
                sales.Add(new MonthlySale(product.Find(row)!, string.Intern(category.Find(row)!), string.Intern(period.Find(row)!), pieces[row], amount[row], string.Intern(group.Find(row)!)));
        }
        sales.Sort((left, right) => (left.Period, left.ProductId).CompareTo((right.Period, right.ProductId)));
        return new SalesView(sales);
    }
}
