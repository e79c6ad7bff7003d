namespace Olist.FunctionsHost.DurableTask.Entities;

/// <summary>Something that runs the operations of an entity, one at a time.</summary>
public interface ITaskEntity
{
    ValueTask<object?> RunAsync(TaskEntityOperation operation);
}
