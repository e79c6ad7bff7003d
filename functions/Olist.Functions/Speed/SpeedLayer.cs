using Olist.Pipeline.Speed.Topics;
using Olist.Pipeline.Steps;

namespace Olist.Functions.Speed;

/// <summary>The speed layer's topics and producers, opened.</summary>
sealed class SpeedLayer : IAsyncDisposable
{
    SpeedLayer(SilverForwarding silver, SpeedPublishers publishers) => (Silver, Publishers) = (silver, publishers);

    public SilverForwarding Silver { get; }
    public SpeedPublishers Publishers { get; }

    public static async Task<SpeedLayer> OpenAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        var (log, registry) = (workspace.Log, workspace.State.Registry);
        await SpeedTopics.EnsureAsync(log, workspace.Options.Partitions, cancellationToken);
        return new SpeedLayer(
            await SilverForwarding.CreateAsync(log, registry, cancellationToken),
            new SpeedPublishers(
                TopicPublishers.Statuses(log, await SpeedTopics.EncoderAsync(registry, SpeedTopics.DeliveryStatus, cancellationToken), workspace.Time, Console.Error.WriteLine),
                TopicPublishers.Lines(log, await SpeedTopics.EncoderAsync(registry, "customer_order", cancellationToken), workspace.Time, Console.Error.WriteLine),
                TopicPublishers.Offers(log, await SpeedTopics.EncoderAsync(registry, "product_metadata", cancellationToken), workspace.Time, Console.Error.WriteLine)));
    }

    public async ValueTask DisposeAsync()
    {
        await Publishers.Statuses.DisposeAsync();
        await Publishers.Lines.DisposeAsync();
        await Publishers.Offers.DisposeAsync();
        await Silver.DisposeAsync();
    }
}
