using System.Text.Json.Serialization;

namespace Olist.Pipeline.Speed.Products;

/// <summary>What one batch of messages tells of one product: the input of the one signal that its entity gets.</summary>
public sealed record ProductUpdate
{
    /// <summary>Whether the product itself was told; its category then counts, also when it has none.</summary>
    [JsonPropertyName("a")] public bool Announced { get; set; }

    [JsonPropertyName("c")] public string? Category { get; set; }

    /// <summary>Where in its topic the product was told last; of two the later counts, whichever comes first.</summary>
    [JsonPropertyName("o")] public long Offset { get; set; } = -1;

    /// <summary>Sellers that sold a piece of it.</summary>
    [JsonPropertyName("s"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Sellers { get; init; }
}

/// <summary>A message of the topic <c>product_metadata</c>.</summary>
public sealed record ProductOffer(string ProductId, string SellerId, string Category);

/// <summary>All that the speed layer keeps of one product; the state of its entity.</summary>
/// <remarks>An offer whose product has not been told waits here, as it waits in bronze for the batch layer.</remarks>
public sealed class ProductState
{
    /// <summary>What a product without a category is called.</summary>
    const string Unknown = "unknown";

    [JsonPropertyName("a")] public bool Announced { get; set; }
    [JsonPropertyName("c")] public string? Category { get; set; }
    [JsonPropertyName("o")] public long Offset { get; set; } = -1;
    [JsonPropertyName("s")] public SortedSet<string> Sellers { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Takes an update in.</summary>
    /// <returns>The offers that are new or have another category now.</returns>
    public IReadOnlyList<ProductOffer> Apply(string productId, ProductUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        var (announced, category) = (Announced, Category);
        if (update.Announced && update.Offset > Offset) (Announced, Category, Offset) = (true, update.Category, update.Offset);
        var fresh = (update.Sellers ?? []).Where(Sellers.Add).ToArray();
        if (!Announced) return [];
        return [.. (announced && category == Category ? fresh : (IEnumerable<string>)Sellers).Select(seller => new ProductOffer(productId, seller, Category ?? Unknown))];
    }
}
