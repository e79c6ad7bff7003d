namespace Olist.FunctionsHost.DurableTask.Entities;

/// <summary>An entity that an orchestrator called threw.</summary>
public sealed class EntityOperationFailedException : Exception
{
    public EntityOperationFailedException(EntityInstanceId entityId, string operationName, TaskFailureDetails failureDetails)
        : base($"Operation '{operationName}' of entity {entityId} failed: {failureDetails?.ErrorMessage}")
    {
        ArgumentNullException.ThrowIfNull(failureDetails);
        EntityId = entityId;
        OperationName = operationName;
        FailureDetails = failureDetails;
    }

    public EntityInstanceId EntityId { get; }
    public string OperationName { get; }
    public TaskFailureDetails FailureDetails { get; }
}
