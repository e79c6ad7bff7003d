namespace Olist.FunctionsHost.DurableTask.Entities;

/// <summary>Base of entity classes: each public method is an operation, found by name without case.</summary>
public abstract class TaskEntity<TState> : ITaskEntity
{
    /// <summary>Whether operations that this class lacks are looked for on the state itself.</summary>
    protected virtual bool AllowStateDispatch => false;

    protected TState State { get; set; } = default!; // Set before each operation.

    protected TaskEntityContext Context { get; private set; } = null!; // Set before each operation.

    public ValueTask<object?> RunAsync(TaskEntityOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return RunCoreAsync(operation);
    }

    protected virtual TState InitializeState(TaskEntityOperation entityOperation)
    {
        if (Nullable.GetUnderlyingType(typeof(TState)) is not null) return default!;
        try
        {
            return Activator.CreateInstance<TState>();
        }
        catch (MissingMethodException error)
        {
            throw new InvalidOperationException(
                $"{typeof(TState)} has no constructor without parameters; give it one, or override InitializeState in {GetType()}.", error);
        }
    }

    async ValueTask<object?> RunCoreAsync(TaskEntityOperation operation)
    {
        Context = operation.Context;
        var state = operation.State.GetState(typeof(TState));
        State = state is null ? InitializeState(operation) : (TState)state;
        Invocation.CompiledMethod.Returned returned = default;
        if (Durable.Entities.EntityMethod.Find(GetType(), typeof(TaskEntity<TState>), operation.Name) is { } own)
            returned = own.Invoke(this, operation);
        else if (AllowStateDispatch && State is not null && Durable.Entities.EntityMethod.Find(State.GetType(), typeof(object), operation.Name) is { } onState)
            returned = onState.Invoke(State, operation);
        else if (string.Equals(operation.Name, "delete", StringComparison.OrdinalIgnoreCase))
            State = default!;
        else
            throw new NotSupportedException($"No operation named '{operation.Name}' was found on entity {operation.Context.Id}; {GetType()} has no such public method.");
        if (returned.Pending is { } pending) await pending;
        operation.State.SetState(State);
        return returned.Result;
    }
}
