using Microsoft.Extensions.DependencyInjection;
using Olist.FunctionsHost.DurableTask.Entities;
using Olist.FunctionsHost.Invocation;

namespace Olist.FunctionsHost.Worker;

/// <summary>Runs the operations that wait for an entity.</summary>
public sealed class TaskEntityDispatcher
{
    readonly Func<Func<InvocationContext, ITaskEntity>, Task> _dispatch;

    internal TaskEntityDispatcher(Func<Func<InvocationContext, ITaskEntity>, Task> dispatch) => _dispatch = dispatch;

    public Task DispatchAsync(ITaskEntity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return _dispatch(_ => entity);
    }

    /// <summary>With an entity class, made through the container; otherwise <typeparamref name="T"/> is the state itself.</summary>
    public Task DispatchAsync<T>() => _dispatch(Maker<T>.Make);

    public Task DispatchAsync<T>(params object[] additionalArgs) => additionalArgs is not { Length: > 0 } ? DispatchAsync<T>() : _dispatch(context =>
        Maker<T>.IsEntity
            ? (ITaskEntity)(object)ActivatorUtilities.CreateInstance<T>(context.InstanceServices, additionalArgs)!
            : throw new InvalidOperationException($"{typeof(T)} is no ITaskEntity, so nothing takes the additional arguments; implement TaskEntity<TState>, or leave them out."));

    public Task DispatchAsync(Func<TaskEntityOperation, ValueTask<object?>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return _dispatch(_ => new HandlerEntity(handler));
    }

    /// <summary>How a type becomes an entity, decided once.</summary>
    static class Maker<T>
    {
        public static readonly bool IsEntity = typeof(ITaskEntity).IsAssignableFrom(typeof(T));
        public static readonly Func<InvocationContext, ITaskEntity> Make = Decide();

        static Func<InvocationContext, ITaskEntity> Decide()
        {
            if (!IsEntity) return _ => new StateEntity<T>();
            var factory = ActivatorUtilities.CreateFactory(typeof(T), Type.EmptyTypes);
            return context => (ITaskEntity)factory(context.InstanceServices, null);
        }
    }

    sealed class HandlerEntity(Func<TaskEntityOperation, ValueTask<object?>> handler) : ITaskEntity
    {
        public ValueTask<object?> RunAsync(TaskEntityOperation operation) => handler(operation);
    }

    sealed class StateEntity<T> : TaskEntity<T>
    {
        protected override bool AllowStateDispatch => true;
    }
}
