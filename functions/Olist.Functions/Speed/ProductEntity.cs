using Olist.Pipeline.Speed.Products;

namespace Olist.Functions.Speed;

/// <summary>One product: knows its category and who sells it, and tells <c>product_metadata</c> of each new pair.</summary>
/// <remarks>Records are stored before the state is: a crash in between publishes the same once more.</remarks>
public sealed class ProductEntity(SpeedPublishers publishers) : TaskEntity<ProductState>
{
    public const string Name = "product";

    public static EntityInstanceId IdOf(string productId) => new(Name, productId);

    [Function(Name)]
    public static Task DispatchAsync([EntityTrigger] TaskEntityDispatcher dispatcher)
    {
        ArgumentNullException.ThrowIfNull(dispatcher);
        return dispatcher.DispatchAsync<ProductEntity>();
    }

    /// <summary>Takes in what messages tell.</summary>
    public async Task Apply(ProductUpdate update)
    {
        var offers = State.Apply(Context.Id.Key, update);
        if (offers.Count > 0) await publishers.Offers.PublishAsync(offers);
    }
}
