using Olist.Formats.Columns;
using Olist.Lake;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Steps.Gold;

/// <summary>Whole months of the sales table with <see cref="SalesSums"/> laid upon them, rated anew: the rows of the table first, then those of products that did not sell in that month before.</summary>
/// <remarks>The work is a pass over the months' columns and a median per (category, month); rows are only made of what changes.</remarks>
sealed class SalesMonths
{
    static readonly BytesColumn Groups = BytesColumn.Of([.. PortfolioGroup.ByWorth]);

    readonly RowBatch _existing;
    readonly Column _products;
    readonly ValueColumn<int> _months;
    readonly Column _categories;
    readonly long[] _pieces;
    readonly long[] _cents;
    readonly double[] _means;
    readonly int[] _groups;

    /// <param name="existing">All rows of the months that change.</param>
    /// <param name="sums">What changes.</param>
    public SalesMonths(RowBatch existing, SalesSums sums)
    {
        _existing = existing;
        var count = existing.RowCount;
        var months = MonthsOf(existing.Bytes("sales_period"));
        var found = count == 0 ? [] : new KeyIndex(sums.Products, sums.Months).FindAll(existing["product_id"], months);
        var met = new bool[sums.Count];
        foreach (var sum in found)
            if (sum >= 0) met[sum] = true;
        var fresh = Batch.Rows.Where(met.Length, sum => !met[sum]);

        _products = Column.Concat([existing["product_id"], sums.Products.Gather(fresh)]);
        _months = (ValueColumn<int>)Column.Concat([months, sums.Months.Gather(fresh)]);
        _pieces = [.. existing.Longs("total_sales_quantity").Span, .. fresh.Select(sum => sums.Pieces[sum])];
        _cents = [.. existing.Longs("total_sales_amount").Span, .. fresh.Select(sum => sums.AmountCents[sum])];
        for (var row = 0; row < count; row++)
        {
            if (found[row] < 0) continue;
            _pieces[row] += sums.Pieces[found[row]];
            _cents[row] += sums.AmountCents[found[row]];
        }
        _categories = CategoriesOf(existing["category"], sums.Categories, found, fresh);
        _means = new double[_pieces.Length];
        for (var row = 0; row < _means.Length; row++) _means[row] = _cents[row] / 100.0 / _pieces[row];
        _groups = Rate();
    }

    /// <summary>A month's name is parsed once.</summary>
    static ValueColumn<int> MonthsOf(BytesColumn periods)
    {
        var (groups, first) = new KeyIndex(periods).Group();
        var months = Array.ConvertAll(first, row => SalesPeriod.Parse(periods.Find(row)!)); // part of the key, so never null
        return new ValueColumn<int>(DataType.Int, Array.ConvertAll(groups, group => months[group]), groups.Length);
    }

    /// <summary>As the orders of this run say, else as the table has it.</summary>
    static Column CategoriesOf(Column existing, Column named, int[] found, int[] fresh)
    {
        var all = Column.Concat([existing, named, Batch.Rows.Constant("unknown", 1)]);
        var rows = new int[found.Length + fresh.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            var sum = row < found.Length ? found[row] : fresh[row - found.Length];
            rows[row] = sum >= 0 && !named.IsNull(sum) ? existing.Count + sum : row < found.Length ? row : all.Count - 1;
        }
        return all.Gather(rows);
    }

    /// <summary>Each row's place in <see cref="PortfolioGroup.ByWorth"/>; -1 for what no longer sells.</summary>
    int[] Rate()
    {
        var rated = new int[_pieces.Length];
        rated.AsSpan().Fill(-1);
        var (cells, first) = new KeyIndex(_categories, _months).Group();
        var peers = Array.ConvertAll(first, _ => new List<int>());
        for (var row = 0; row < cells.Length; row++)
            if (_pieces[row] > 0) peers[cells[row]].Add(row);
        foreach (var rows in peers)
        {
            var names = PortfolioMatrix.Rate([.. rows.Select(row => _pieces[row])], [.. rows.Select(row => _means[row])]);
            for (var i = 0; i < names.Length; i++) rated[rows[i]] = PlaceOf(names[i]);
        }
        return rated;
    }

    static int PlaceOf(string group)
    {
        for (var place = 0; ; place++)
            if (ReferenceEquals(PortfolioGroup.ByWorth[place], group) || PortfolioGroup.ByWorth[place] == group) return place;
    }

    /// <summary>What must be written and removed so that the table has these months.</summary>
    /// <param name="positions">Where the existing rows lie.</param>
    /// <param name="schema">The table's columns.</param>
    public StepOutput Changes(RowPositions? positions, IReadOnlyList<ColumnSchema> schema)
    {
        var groups = new BytesColumn(Groups, Array.ConvertAll(_groups, group => Math.Max(group, 0)), _groups.Length);
        var (write, remove) = (new List<int>(), new List<int>());
        var isAsBefore = IsAsBefore(groups);
        for (var row = 0; row < _groups.Length; row++)
        {
            var isOld = row < _existing.RowCount;
            if (isOld && _groups[row] >= 0 && isAsBefore(row)) continue;
            if (isOld) remove.Add(row);
            if (_groups[row] >= 0) write.Add(row);
        }
        int[] rows = [.. write];
        var changed = Batch.Rows.Of(schema,
            ("product_id", _products.Gather(rows)), ("sales_period", Periods(rows)), ("category", _categories.Gather(rows)),
            ("total_sales_quantity", Longs(DataType.Long, _pieces, rows)), ("total_sales_amount", Longs(TypeOf(schema, "total_sales_amount"), _cents, rows)),
            ("mean_sales", new ValueColumn<double>(DataType.Double, Array.ConvertAll(rows, row => _means[row]), rows.Length)), ("group", groups.Gather(rows)));
        return new StepOutput(changed, remove.Count == 0 ? null : positions!.Select([.. remove])); // rows that are there have positions
    }

    /// <summary>Columns are found once for all rows.</summary>
    Func<int, bool> IsAsBefore(BytesColumn groups)
    {
        var (pieces, cents, group, category) = (_existing.Longs("total_sales_quantity"), _existing.Longs("total_sales_amount"), _existing["group"], _existing["category"]);
        return row => pieces[row] == _pieces[row] && cents[row] == _cents[row] && KeyHash.AreEqual(group, row, groups, row) && KeyHash.AreEqual(category, row, _categories, row);
    }

    static DataType TypeOf(IReadOnlyList<ColumnSchema> schema, string name) => schema.First(column => column.Name == name).Type;

    static ValueColumn<long> Longs(DataType type, long[] values, int[] rows) => new(type, Array.ConvertAll(rows, row => values[row]), rows.Length);

    BytesColumn Periods(int[] rows)
    {
        var (months, first) = new KeyIndex(_months.Gather(rows)).Group();
        return new BytesColumn(BytesColumn.Of([.. first.Select(row => SalesPeriod.Name(_months[rows[row]]))]), months, rows.Length);
    }
}
