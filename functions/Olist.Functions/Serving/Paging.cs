using System.Globalization;
using Olist.Pipeline.Queries;

namespace Olist.Functions.Serving;

/// <summary>A list as every endpoint gives it.</summary>
/// <param name="Items">This page.</param>
/// <param name="Next">Give it as <c>cursor</c> to get the next page; <see langword="null"/> on the last.</param>
/// <param name="AsOf">The snapshots that the page was made of.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next, AsOf AsOf);

/// <summary>Which part of a list a request wants: <c>limit</c> (1 to 1,000, default 50) and <c>cursor</c>.</summary>
public readonly record struct PageRequest(int Start, int Limit)
{
    const int DefaultLimit = 50, MaxLimit = 1_000;

    /// <exception cref="BadRequestException">A parameter is no such number.</exception>
    public static PageRequest Of(HttpRequest request)
    {
        var limit = Number(request, "limit", 1, MaxLimit, DefaultLimit);
        return new PageRequest(Number(request, "cursor", 0, int.MaxValue - MaxLimit, 0), limit);
    }

    /// <summary>Cuts the page out of the whole list and shapes only what is on it.</summary>
    public Page<TItem> Cut<T, TItem>(IReadOnlyList<T> all, AsOf asOf, Func<T, int, TItem> shape)
    {
        var end = Math.Min((long)Start + Limit, all.Count);
        var items = new List<TItem>();
        for (var i = Start; i < end; i++) items.Add(shape(all[i], i + 1));
        return new Page<TItem>(items, end < all.Count ? end.ToString(CultureInfo.InvariantCulture) : null, asOf);
    }

    static int Number(HttpRequest request, string name, int min, int max, int otherwise)
    {
        if (!request.Query.TryGetValue(name, out var text)) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
        throw new BadRequestException($"{name} is '{text}'; expected a whole number from {min} to {max}.");
    }
}
