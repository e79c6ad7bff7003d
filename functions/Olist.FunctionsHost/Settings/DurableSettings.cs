using Microsoft.Extensions.Configuration;

namespace Olist.FunctionsHost.Settings;

/// <summary><c>extensions.durableTask</c>, official names; the concurrency defaults are ten per core.</summary>
sealed record DurableSettings(string HubName, int MaxConcurrentActivities, int MaxConcurrentOrchestrators, int MaxConcurrentEntities, int MaxEntityBatch, int MaxOrchestrationActions, bool OverridesRunningInstances)
{
    public static DurableSettings Read(IConfiguration jobHost)
    {
        var read = new SettingReader(jobHost);
        const string Durable = "extensions:durableTask:";
        var tenPerCore = Environment.ProcessorCount * 10;
        return new DurableSettings(
            read.Text(Durable + "hubName", "default"),
            read.Number(Durable + "maxConcurrentActivityFunctions", tenPerCore),
            read.Number(Durable + "maxConcurrentOrchestratorFunctions", tenPerCore),
            read.Number(Durable + "maxConcurrentEntityFunctions", tenPerCore),
            read.Number(Durable + "maxEntityOperationBatchSize", 5000),
            read.Number(Durable + "maxOrchestrationActions", 100_000),
            read.Text(Durable + "overridableExistingInstanceStates", "NonRunningStates").Equals("AnyState", StringComparison.OrdinalIgnoreCase));
    }
}
