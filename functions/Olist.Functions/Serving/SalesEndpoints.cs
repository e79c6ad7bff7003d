using Olist.Pipeline.Model;
using Olist.Pipeline.Queries;

namespace Olist.Functions.Serving;

/// <summary>What was sold: ranks of categories and products, and sales by month.</summary>
public sealed class SalesEndpoints(GoldViews views)
{
    /// <summary>A category and its sales over all months, or those asked for.</summary>
    public sealed record CategoryRank(int Rank, string Category, long Quantity, string Amount, int Products);

    /// <summary>A product and its sales; <c>Group</c> is its place in the portfolio matrix in its latest month.</summary>
    public sealed record ProductRank(int Rank, string ProductId, string Category, string Group, long Quantity, string Amount);

    /// <summary>A month's sales; <c>Key</c> names the group, category or product when the request asks for one of these.</summary>
    public sealed record Month(string Period, string? Key, long Quantity, string Amount);

    [Function("sales_categories")]
    public Task<IActionResult> Categories([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "sales/categories")] HttpRequest request, CancellationToken cancellationToken) =>
        ListAsync(request, sales => Ranked(sales.GroupBy(sale => sale.Category)), (category, rank) =>
            new CategoryRank(rank, category.Key, category.Pieces, Answers.Money(category.Cents), category.Sales.DistinctBy(sale => sale.ProductId).Count()), cancellationToken);

    [Function("sales_products")]
    public Task<IActionResult> Products([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "sales/products")] HttpRequest request, CancellationToken cancellationToken) =>
        ListAsync(request, sales => Ranked(sales.GroupBy(sale => sale.ProductId)), (product, rank) =>
        {
            var latest = product.Sales.MaxBy(sale => sale.Period)!;
            return new ProductRank(rank, product.Key, latest.Category, latest.Group, product.Pieces, Answers.Money(product.Cents));
        }, cancellationToken);

    [Function("sales_monthly")]
    public Task<IActionResult> Monthly([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "sales/monthly")] HttpRequest request, CancellationToken cancellationToken)
    {
        string? by = request.Query["by"];
        return ListAsync(request, sales => ByMonth(sales, by), (month, _) => new Month(month.Key.Period, month.Key.Key, month.Pieces, Answers.Money(month.Cents)), cancellationToken);
    }

    static Total<(string Period, string? Key)>[] ByMonth(IEnumerable<MonthlySale> sales, string? by)
    {
        Func<MonthlySale, string?> key = by switch
        {
            null or "" => _ => null,
            "group" => sale => sale.Group,
            "category" => sale => sale.Category,
            "product" => sale => sale.ProductId,
            _ => throw new BadRequestException($"by is '{by}'; expected group, category or product, or nothing for whole months."),
        };
        return [.. sales.GroupBy(sale => (sale.Period, Key: key(sale)))
            .OrderBy(month => month.Key.Period, StringComparer.Ordinal).ThenBy(month => month.Key.Key, StringComparer.Ordinal)
            .Select(month => new Total<(string Period, string? Key)>(month.Key, month.Sum(sale => sale.Pieces), month.Sum(sale => sale.AmountCents), [.. month]))];
    }

    sealed record Total<TKey>(TKey Key, long Pieces, long Cents, IReadOnlyList<MonthlySale> Sales);

    static Total<string>[] Ranked(IEnumerable<IGrouping<string, MonthlySale>> groups) =>
        [.. groups.Select(group => new Total<string>(group.Key, group.Sum(sale => sale.Pieces), group.Sum(sale => sale.AmountCents), [.. group]))
            .OrderByDescending(total => total.Cents).ThenBy(total => total.Key, StringComparer.Ordinal)];

    Task<IActionResult> ListAsync<T, TItem>(HttpRequest request, Func<IEnumerable<MonthlySale>, IReadOnlyList<T>> list, Func<T, int, TItem> shape, CancellationToken cancellationToken) =>
        Answers.OfAsync(async () =>
        {
            var page = PageRequest.Of(request);
            var filter = SalesFilter.Of(request);
            var (view, asOf) = await views.Sales.GetAsync(cancellationToken);
            return page.Cut(list(view.Sales.Where(filter.Matches)), asOf, shape);
        });

    /// <summary>Filters that all sales lists take: <c>from</c>, <c>to</c> (months, both included), <c>category</c>, <c>group</c>, <c>product</c>.</summary>
    sealed record SalesFilter(string? From, string? To, string? Category, string? Group, string? Product)
    {
        public static SalesFilter Of(HttpRequest request) => new(Period(request, "from"), Period(request, "to"),
            Text(request, "category"), Text(request, "group"), Text(request, "product"));

        public bool Matches(MonthlySale sale) =>
            (From is null || string.CompareOrdinal(sale.Period, From) >= 0) && (To is null || string.CompareOrdinal(sale.Period, To) <= 0)
            && (Category is null || sale.Category == Category) && (Group is null || sale.Group == Group) && (Product is null || sale.ProductId == Product);

        static string? Text(HttpRequest request, string name) => request.Query[name].FirstOrDefault() is { Length: > 0 } text ? text : null;

        static string? Period(HttpRequest request, string name)
        {
            if (Text(request, name) is not { } text) return null;
            try
            {
                return SalesPeriod.Name(SalesPeriod.Parse(text));
            }
            catch (FormatException exception)
            {
                throw new BadRequestException($"{name}: {exception.Message}", exception);
            }
        }
    }
}
