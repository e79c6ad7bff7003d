using Olist.Formats.Columns;
using Olist.Pipeline.Model;

namespace Olist.Pipeline.Steps.Gold;

/// <summary>What orders add to, and take from, the sales of products and months: one sum per (product, month), by column.</summary>
sealed class SalesSums
{
    readonly Column _products;
    readonly ValueColumn<int> _months;

    SalesSums(Column products, ValueColumn<int> months)
    {
        _products = products;
        _months = months;
        Pieces = new long[products.Count];
        AmountCents = new long[products.Count];
        Categories = products;
    }

    /// <summary>Sums.</summary>
    public int Count => _products.Count;

    public Column Products => _products;

    /// <summary>Month numbers.</summary>
    public ValueColumn<int> Months => _months;

    public long[] Pieces { get; }

    public long[] AmountCents { get; }

    /// <summary>The category that an added order names; null where orders are only taken away.</summary>
    public Column Categories { get; private set; }

    /// <param name="added">Details of orders as they are now, and one row per delivered one of these orders with the instant.</param>
    /// <param name="taken">The same as it was counted before.</param>
    public static SalesSums Of((RowBatch Details, RowBatch Delivered) added, (RowBatch Details, RowBatch Delivered) taken)
    {
        var (plus, plusMonths) = Sold(added.Details, added.Delivered);
        var (minus, minusMonths) = Sold(taken.Details, taken.Delivered);
        var rows = RowBatch.Concat(plus.Schema, [plus, minus]);
        int[] monthOfRow = [.. plusMonths, .. minusMonths];
        var months = new ValueColumn<int>(DataType.Int, monthOfRow, monthOfRow.Length);
        var (groups, first) = new KeyIndex(rows["product_id"], months).Group();
        var sums = new SalesSums(rows["product_id"].Gather(first), (ValueColumn<int>)months.Gather(first));
        var (quantity, price) = (rows.Longs("quantity"), rows.Longs("unit_price"));
        var categoryRow = new int[first.Length];
        categoryRow.AsSpan().Fill(-1);
        for (var row = 0; row < groups.Length; row++)
        {
            var pieces = row < plus.RowCount ? quantity[row] : -quantity[row];
            sums.Pieces[groups[row]] += pieces;
            if (!price.IsNull(row)) sums.AmountCents[groups[row]] += pieces * price[row];
            if (row < plus.RowCount) categoryRow[groups[row]] = row;
        }
        sums.Categories = rows["category"].Gather(categoryRow);
        return sums;
    }

    /// <summary>The details whose order has been delivered, and the month of it.</summary>
    static (RowBatch Details, int[] Months) Sold(RowBatch details, RowBatch delivered)
    {
        if (details.RowCount == 0 || delivered.RowCount == 0) return (details.Gather([]), []);
        var found = new KeyIndex(delivered["order_id"]).FindAll(details["order_id"]);
        var products = details["product_id"];
        var sold = Batch.Rows.Where(found.Length, row => found[row] >= 0 && !products.IsNull(row));
        var times = delivered.Longs("delivered_customer");
        return (details.Gather(sold), Array.ConvertAll(sold, row => SalesPeriod.MonthNumber(times[found[row]])));
    }

    /// <summary>The months that change.</summary>
    public int[] DistinctMonths() => Distinct(_months.Span.ToArray());

    /// <summary>The months that orders were delivered in.</summary>
    /// <param name="delivered">One row per delivered order with the instant.</param>
    public static int[] MonthsOf(RowBatch delivered) => Distinct(Array.ConvertAll(delivered.Longs("delivered_customer").Span.ToArray(), SalesPeriod.MonthNumber));

    static int[] Distinct(int[] months) => [.. months.Distinct().Order()];

    /// <summary>Months as keys to look up.</summary>
    public static RowBatch Periods(int[] months)
    {
        var names = Array.ConvertAll(months, SalesPeriod.Name);
        return new RowBatch([new ColumnSchema(1, "sales_period", DataType.String)], [BytesColumn.Of(names)], names.Length);
    }
}
