using Olist.FunctionsHost.Durable;

namespace Olist.Functions.Tests.Crashes.Child;

/// <summary>The durable points of the host as steps: <c>host.AfterStepIsDurable</c>.</summary>
sealed class StepFaults(DurableSteps steps) : IDurableFaults
{
    public void At(DurablePoint point, string instanceId) => steps.Meet($"host.{point}");
}
