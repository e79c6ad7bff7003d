using Microsoft.Extensions.Configuration;

namespace Olist.FunctionsHost.Settings;

/// <summary><c>extensions.kafka</c>, official names and defaults.</summary>
/// <param name="MaxRetries">Executions after the first when <paramref name="CommitOnFailure"/> is off; -1 without end.</param>
sealed record KafkaSettings(int MaxBatchSize, TimeSpan SubscriberInterval, int ExecutorChannelCapacity, bool StartAtLatest, bool CommitOnFailure, int MaxRetries)
{
    public static KafkaSettings Read(IConfiguration jobHost)
    {
        var read = new SettingReader(jobHost);
        const string Kafka = "extensions:kafka:";
        return new KafkaSettings(
            read.Number(Kafka + "maxBatchSize", 64),
            TimeSpan.FromSeconds(read.Number(Kafka + "subscriberIntervalInSeconds", 1)),
            read.Number(Kafka + "executorChannelCapacity", 1),
            read.Text(Kafka + "autoOffsetReset", "earliest").Equals("latest", StringComparison.OrdinalIgnoreCase),
            read.Flag(Kafka + "commitOnFailure", true),
            read.Number(Kafka + "maxRetries", 5));
    }
}
