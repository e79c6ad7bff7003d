using Olist.FunctionsHost.DurableTask.Entities;

namespace Olist.FunctionsHost.Worker;

/// <summary>Runs the operations that wait for an entity.</summary>
public sealed class TaskEntityDispatcher
{
    readonly Func<Func<IServiceProvider, ITaskEntity>, Task> _dispatch;

    internal TaskEntityDispatcher(Func<Func<IServiceProvider, ITaskEntity>, Task> dispatch) => _dispatch = dispatch;

    public Task DispatchAsync(ITaskEntity entity) => _dispatch(_ => entity);

    /// <summary>With an entity class, made through the container; otherwise <typeparamref name="T"/> is the state itself.</summary>
    public Task DispatchAsync<T>() => DispatchAsync<T>([]);

    public Task DispatchAsync<T>(params object[] additionalArgs) => _dispatch(services =>
        typeof(ITaskEntity).IsAssignableFrom(typeof(T))
            ? (ITaskEntity)(object)Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<T>(services, additionalArgs)!
            : new StateEntity<T>());

    public Task DispatchAsync(Func<TaskEntityOperation, ValueTask<object?>> handler) => _dispatch(_ => new HandlerEntity(handler));

    sealed class HandlerEntity(Func<TaskEntityOperation, ValueTask<object?>> handler) : ITaskEntity
    {
        public ValueTask<object?> RunAsync(TaskEntityOperation operation) => handler(operation);
    }

    sealed class StateEntity<T> : TaskEntity<T>
    {
        protected override bool AllowStateDispatch => true;
    }
}
