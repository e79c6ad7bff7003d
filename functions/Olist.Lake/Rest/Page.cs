using System.Globalization;
using System.Text.Json;

namespace Olist.Lake.Rest;

/// <summary>One page of a list that is in order: what comes after a name, so that what is made or dropped between two pages shifts nothing. Who gives no token gets all.</summary>
readonly record struct Page(string? After, int? Size)
{
    /// <exception cref="CatalogErrorException">400: the size is no number above 0.</exception>
    public static Page Of(CatalogRequest request)
    {
        if (!request.Query.TryGetValue("pageToken", out var token)) return default;
        var size = request.Query.GetValueOrDefault("pageSize");
        if (string.IsNullOrEmpty(size)) return new Page(token, null);
        return int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? new Page(token, number)
            : throw CatalogErrorException.BadRequest($"The request, pageSize: '{size}' is not a whole number above 0.");
    }

    /// <summary>Writes the page's items as an array, and where the next page starts.</summary>
    public void Write<T>(Utf8JsonWriter json, string name, IEnumerable<T> all, Func<T, string> nameOf, Action<T> write)
    {
        var after = After;
        var rest = all.Where(item => after is null || string.CompareOrdinal(nameOf(item), after) > 0).ToArray();
        var count = Math.Min(rest.Length, Size ?? int.MaxValue);
        json.WriteStartArray(name);
        foreach (var item in rest.AsSpan(0, count)) write(item);
        json.WriteEndArray();
        if (count < rest.Length) json.WriteString("next-page-token", nameOf(rest[count - 1]));
    }
}
