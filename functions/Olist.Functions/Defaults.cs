using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace Olist.Functions;

/// <summary>What a setting is when nobody sets it: with none at all, the embedded app runs on a synthetic sample.</summary>
static class Defaults
{
    /// <summary>What the built-in log is called where a cluster's brokers could stand.</summary>
    public const string LocalBroker = "local";

    static readonly Dictionary<string, string?> Values = new()
    {
        ["Olist:Batch:Schedule"] = "0 */20 * * * *",
        ["Olist:Upkeep:Schedule"] = "0 7 * * * *",
        ["Olist:Upkeep:LightSchedule"] = "15/30 * * * * *",
        ["Olist:Stream:Schedule"] = "*/30 * * * * *",
        ["Olist:Clock"] = "wall",
        ["Olist:Dataset"] = Flavour.Dataset,
        ["Olist:Replay:Speed"] = "max",
        ["Kafka:BrokerList"] = LocalBroker,
    };

    /// <summary>Everything else wins over these.</summary>
    public static void AddTo(ConfigurationManager configuration) =>
        ((IConfigurationBuilder)configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = Values });
}
