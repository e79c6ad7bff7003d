using Olist.Formats.Columns;
using Olist.Lake;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Steps.Gold;

/// <summary>Whole months of the sales table with <see cref="SalesSums"/> laid upon them, rated anew: the rows of the table first, then those of products that did not sell in that month before.</summary>
/// <remarks>The work is a few passes over the months' columns and a median per (category, month); rows are only made of what changes.</remarks>
sealed class SalesMonths
{
    const int Unsold = -1;
    static readonly BytesColumn Groups = BytesColumn.Of([.. PortfolioGroup.ByWorth]);
    static readonly int[] PlaceOf = Places();

    /// <summary>Rows from which on rating them on all processors is faster than on one.</summary>
    const int WorthSharing = 10_000;

    readonly RowBatch _existing;
    readonly SalesSums _sums;
    readonly int[] _found;
    readonly int[] _fresh;
    readonly ValueColumn<int> _months;
    readonly BytesColumn _categories;
    readonly long[] _pieces;
    readonly long[] _cents;
    readonly double[] _means;
    readonly int[] _groups;

    /// <param name="existing">All rows of the months that change.</param>
    /// <param name="sums">What changes.</param>
    public SalesMonths(RowBatch existing, SalesSums sums)
    {
        (_existing, _sums) = (existing, sums);
        var count = existing.RowCount;
        var months = MonthsOf(existing.Bytes("sales_period"));
        _found = count == 0 ? [] : new KeyIndex(sums.Products, sums.Months).FindAll(existing["product_id"], months);
        var met = new bool[sums.Count];
        foreach (var sum in _found)
            if (sum >= 0) met[sum] = true;
        _fresh = Batch.Rows.Where(met.Length, sum => !met[sum]);

        _months = (ValueColumn<int>)Column.Concat([months, sums.Months.Gather(_fresh)]);
        _pieces = With(existing.Longs("total_sales_quantity").Span, sums.Pieces);
        _cents = With(existing.Longs("total_sales_amount").Span, sums.AmountCents);
        _categories = CategoriesOf(existing["category"], sums.Categories, _found, _fresh);
        _means = new double[_pieces.Length];
        for (var row = 0; row < _means.Length; row++) _means[row] = _cents[row] / 100.0 / _pieces[row];
        _groups = Rate(Cells());
    }

    /// <summary>Index: volume above the median, then price from the median on. Value: the place in <see cref="PortfolioGroup.ByWorth"/>.</summary>
    static int[] Places()
    {
        var byWorth = PortfolioGroup.ByWorth.ToList();
        return [byWorth.IndexOf(PortfolioGroup.Of(false, false)), byWorth.IndexOf(PortfolioGroup.Of(false, true)), byWorth.IndexOf(PortfolioGroup.Of(true, false)), byWorth.IndexOf(PortfolioGroup.Of(true, true))];
    }

    /// <summary>A month's name is parsed once.</summary>
    static ValueColumn<int> MonthsOf(BytesColumn periods)
    {
        var (groups, first) = KeyIndex.GroupOf(periods);
        var months = Array.ConvertAll(first, row => SalesPeriod.Parse(periods.Find(row)!)); // part of the key, so never null
        return new ValueColumn<int>(DataType.Int, Array.ConvertAll(groups, group => months[group]), groups.Length);
    }

    long[] With(ReadOnlySpan<long> existing, long[] sums)
    {
        var all = new long[existing.Length + _fresh.Length];
        for (var row = 0; row < existing.Length; row++) all[row] = _found[row] < 0 ? existing[row] : existing[row] + sums[_found[row]];
        for (var row = 0; row < _fresh.Length; row++) all[existing.Length + row] = sums[_fresh[row]];
        return all;
    }

    /// <summary>As the orders of this run say, else as the table has it.</summary>
    static BytesColumn CategoriesOf(Column existing, Column named, int[] found, int[] fresh)
    {
        var all = Column.Concat([existing, named, Batch.Rows.Constant("unknown", 1)]);
        var rows = new int[found.Length + fresh.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            var sum = row < found.Length ? found[row] : fresh[row - found.Length];
            rows[row] = sum >= 0 && !named.IsNull(sum) ? existing.Count + sum : row < found.Length ? row : all.Count - 1;
        }
        return (BytesColumn)all.Gather(rows);
    }

    /// <summary>The rows of each (category, month) that sell, laid end to end, and where each cell ends.</summary>
    (int[] Rows, int[] Ends) Cells()
    {
        var (categoryOf, categories) = KeyIndex.GroupOf(_categories);
        var (monthOf, months) = Numbered(_months.Span);
        var ends = new int[(categories.Length * months) + 1];
        for (var row = 0; row < _pieces.Length; row++)
            if (_pieces[row] > 0) ends[(categoryOf[row] * months) + monthOf[row] + 1]++;
        for (var cell = 1; cell < ends.Length; cell++) ends[cell] += ends[cell - 1];
        var rows = new int[ends[^1]];
        for (var row = 0; row < _pieces.Length; row++)
            if (_pieces[row] > 0) rows[ends[(categoryOf[row] * months) + monthOf[row]]++] = row;
        return (rows, ends);
    }

    /// <summary>Months numbered as they appear. Rows of a month lie together, so most have that of the row before.</summary>
    static (int[] NumberOf, int Count) Numbered(ReadOnlySpan<int> months)
    {
        var known = new Dictionary<int, int>();
        var numbers = new int[months.Length];
        for (var row = 0; row < numbers.Length; row++)
        {
            if (row > 0 && months[row] == months[row - 1]) numbers[row] = numbers[row - 1];
            else if (!known.TryGetValue(months[row], out numbers[row])) known.Add(months[row], numbers[row] = known.Count);
        }
        return (numbers, known.Count);
    }

    /// <summary>Each row's place in <see cref="PortfolioGroup.ByWorth"/>, or <see cref="Unsold"/>.</summary>
    int[] Rate((int[] Rows, int[] Ends) cells)
    {
        var rated = new int[_pieces.Length];
        rated.AsSpan().Fill(Unsold);
        var (pieces, means) = (new long[cells.Rows.Length], new double[cells.Rows.Length]);
        for (var i = 0; i < pieces.Length; i++) (pieces[i], means[i]) = (_pieces[cells.Rows[i]], _means[cells.Rows[i]]);
        void RateCell(int cell)
        {
            var (start, end) = (cell == 0 ? 0 : cells.Ends[cell - 1], cells.Ends[cell]);
            if (end == start) return;
            var (medianPieces, medianMean) = PortfolioMatrix.Medians(pieces.AsSpan(start..end), means.AsSpan(start..end));
            for (var i = start; i < end; i++) rated[cells.Rows[i]] = PlaceOf[(pieces[i] > medianPieces ? 2 : 0) + (means[i] >= medianMean ? 1 : 0)];
        }
        if (pieces.Length >= WorthSharing) Parallel.For(0, cells.Ends.Length, RateCell);
        else
            for (var cell = 0; cell < cells.Ends.Length; cell++) RateCell(cell);
        return rated;
    }

    /// <summary>What must be written and removed so that the table has these months.</summary>
    /// <param name="positions">Where the existing rows lie.</param>
    /// <param name="schema">The table's columns.</param>
    public StepOutput Changes(RowPositions? positions, IReadOnlyList<ColumnSchema> schema)
    {
        var groups = new BytesColumn(Groups, Array.ConvertAll(_groups, group => Math.Max(group, 0)), _groups.Length);
        var (write, remove) = (new List<int>(), new List<int>());
        var isAsBefore = IsAsBefore();
        for (var row = 0; row < _groups.Length; row++)
        {
            var isOld = row < _existing.RowCount;
            if (isOld && _groups[row] >= 0 && isAsBefore(row)) continue;
            if (isOld) remove.Add(row);
            if (_groups[row] >= 0) write.Add(row);
        }
        int[] rows = [.. write];
        var changed = Batch.Rows.Of(schema,
            ("product_id", Products(rows)), ("sales_period", Periods(rows)), ("category", _categories.Gather(rows)),
            ("total_sales_quantity", Longs(DataType.Long, _pieces, rows)), ("total_sales_amount", Longs(TypeOf(schema, "total_sales_amount"), _cents, rows)),
            ("mean_sales", new ValueColumn<double>(DataType.Double, Array.ConvertAll(rows, row => _means[row]), rows.Length)), ("group", groups.Gather(rows)));
        return new StepOutput(changed, remove.Count == 0 ? null : positions!.Select([.. remove])); // rows that are there have positions
    }

    /// <summary>Whether a row that is rated says what it said. Where nothing was laid upon it, only its group can be another.</summary>
    Func<int, bool> IsAsBefore()
    {
        var (pieces, cents, category, place) = (_existing.Longs("total_sales_quantity"), _existing.Longs("total_sales_amount"), _existing["category"], PlacesOf(_existing.Bytes("group")));
        return row => place[row] == _groups[row]
            && (_found[row] < 0 || (pieces[row] == _pieces[row] && cents[row] == _cents[row] && KeyHash.AreEqual(category, row, _categories, row)));
    }

    /// <summary>Places of groups as the table names them; a name is looked at once.</summary>
    static int[] PlacesOf(BytesColumn names)
    {
        var byWorth = PortfolioGroup.ByWorth.ToList();
        var (groups, first) = KeyIndex.GroupOf(names);
        var places = Array.ConvertAll(first, row => names.Find(row) is { } name ? byWorth.IndexOf(name) : Unsold);
        return Array.ConvertAll(groups, group => places[group]);
    }

    static DataType TypeOf(IReadOnlyList<ColumnSchema> schema, string name) => schema.First(column => column.Name == name).Type;

    static ValueColumn<long> Longs(DataType type, long[] values, int[] rows) => new(type, Array.ConvertAll(rows, row => values[row]), rows.Length);

    /// <summary>Rows are in order, so those of the table come first.</summary>
    Column Products(int[] rows)
    {
        var count = _existing.RowCount;
        return Column.Concat([_existing["product_id"].Gather(Array.FindAll(rows, row => row < count)),
            _sums.Products.Gather(Array.ConvertAll(Array.FindAll(rows, row => row >= count), row => _fresh[row - count]))]);
    }

    BytesColumn Periods(int[] rows)
    {
        var (months, first) = KeyIndex.GroupOf(_months.Gather(rows));
        return new BytesColumn(BytesColumn.Of([.. first.Select(row => SalesPeriod.Name(_months[rows[row]]))]), months, rows.Length);
    }
}
