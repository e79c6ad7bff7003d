using Olist.Formats.Columns;
using Olist.Pipeline.Model;

namespace Olist.Pipeline.Steps.Gold;

/// <summary>Pieces and money per (product, month), collected from orders and then laid upon the rows of the table.</summary>
sealed class SalesSums
{
    readonly Dictionary<(string Product, int Month), Sum> _sums = [];

    sealed class Sum
    {
        public long Pieces;
        public long AmountCents;
        public string? Category;
    }

    /// <summary>Adds what the details of delivered orders contribute, or takes it back.</summary>
    /// <param name="details">Rows with order, product, category, quantity and price.</param>
    /// <param name="delivered">One row per delivered order, with the instant.</param>
    /// <param name="sign">+1 or -1.</param>
    public void Add(RowBatch details, RowBatch delivered, int sign)
    {
        if (details.RowCount == 0 || delivered.RowCount == 0) return;
        var found = new KeyIndex(delivered["order_id"]).FindAll(details["order_id"]);
        var times = delivered.Longs("delivered_customer");
        var (quantity, price) = (details.Longs("quantity"), details.Longs("unit_price"));
        var (products, categories) = (Texts(details.Bytes("product_id")), Texts(details.Bytes("category")));
        for (var row = 0; row < details.RowCount; row++)
        {
            if (found[row] < 0 || products[row] is not { } product) continue;
            var sum = this[product, SalesPeriod.MonthNumber(times[found[row]])];
            sum.Pieces += sign * quantity[row];
            if (!price.IsNull(row)) sum.AmountCents += sign * quantity[row] * price[row];
            if (sign > 0) sum.Category = categories[row];
        }
    }

    Sum this[string product, int month]
    {
        get
        {
            if (!_sums.TryGetValue((product, month), out var sum)) _sums.Add((product, month), sum = new Sum());
            return sum;
        }
    }

    /// <summary>The months that change, as keys to look up.</summary>
    public RowBatch Periods()
    {
        var names = _sums.Keys.Select(key => key.Month).Distinct().Order().Select(SalesPeriod.Name).ToArray();
        return new RowBatch([new ColumnSchema(1, "sales_period", DataType.String)], [BytesColumn.Of(names)], names.Length);
    }

    /// <summary>All rows of the months that change, rated anew; products that sell nothing there any more are left out.</summary>
    /// <param name="existing">The table's rows of these months.</param>
    /// <param name="schema">The table's columns.</param>
    public RowBatch Apply(RowBatch existing, IReadOnlyList<ColumnSchema> schema)
    {
        var (products, periods, categories) = (Texts(existing.Bytes("product_id")), Texts(existing.Bytes("sales_period")), Texts(existing.Bytes("category")));
        var (pieces, amounts) = (existing.Longs("total_sales_quantity"), existing.Longs("total_sales_amount"));
        for (var row = 0; row < existing.RowCount; row++)
        {
            var sum = this[products[row]!, SalesPeriod.Parse(periods[row]!)];
            sum.Pieces += pieces[row];
            sum.AmountCents += amounts[row];
            sum.Category ??= categories[row];
        }

        var target = new RowBatchBuilder(schema, _sums.Count);
        var at = schema.Select((column, index) => (column.Name, index)).ToDictionary(entry => entry.Name, entry => entry.index);
        foreach (var peers in _sums.Where(entry => entry.Value.Pieces > 0).GroupBy(entry => (entry.Value.Category, entry.Key.Month)))
        {
            var rated = peers.ToArray();
            var means = rated.Select(entry => entry.Value.AmountCents / 100.0 / entry.Value.Pieces).ToArray();
            var groups = PortfolioMatrix.Rate([.. rated.Select(entry => entry.Value.Pieces)], means);
            for (var i = 0; i < rated.Length; i++)
            {
                target.Bytes(at["product_id"]).Append(rated[i].Key.Product);
                target.Bytes(at["sales_period"]).Append(SalesPeriod.Name(peers.Key.Month));
                target.Bytes(at["category"]).Append(peers.Key.Category ?? "unknown");
                target.Longs(at["total_sales_quantity"]).Append(rated[i].Value.Pieces);
                target.Longs(at["total_sales_amount"]).Append(rated[i].Value.AmountCents);
                target.Doubles(at["mean_sales"]).Append(means[i]);
                target.Bytes(at["group"]).Append(groups[i]);
            }
        }
        return target.Build();
    }

    /// <summary>The texts of a column, each distinct one made once.</summary>
    static string?[] Texts(BytesColumn column)
    {
        var (groups, first) = new KeyIndex(column).Group();
        var distinct = first.Select(column.Find).ToArray();
        return [.. groups.Select(group => distinct[group])];
    }
}
