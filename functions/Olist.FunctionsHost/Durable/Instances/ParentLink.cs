namespace Olist.FunctionsHost.Durable.Instances;

/// <summary>The call that a sub-orchestration answers.</summary>
sealed record ParentLink(string InstanceId, string Name, int TaskId, int Generation);
