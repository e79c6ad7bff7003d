namespace Olist.Lake.Commits;

/// <summary>How often and how long a writer that lost a race waits: doubling, and of that a random part, so that racers spread.</summary>
sealed class CommitWaits(IReadOnlyDictionary<string, string> properties, TableName table, IdSource ids)
{
    readonly long _minMs = TableProperties.GetLong(properties, TableProperties.CommitMinWaitMs, TableProperties.CommitMinWaitMsDefault, $"Table {table}");
    readonly long _maxMs = TableProperties.GetLong(properties, TableProperties.CommitMaxWaitMs, TableProperties.CommitMaxWaitMsDefault, $"Table {table}");

    public long Retries { get; } = TableProperties.GetLong(properties, TableProperties.CommitRetries, TableProperties.CommitRetriesDefault, $"Table {table}");

    public TimeSpan Next(int attempt) => TimeSpan.FromMilliseconds(ids.NextFraction() * Math.Min(_maxMs, _minMs << Math.Min(attempt, 20)));
}
