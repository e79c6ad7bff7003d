namespace Olist.FunctionsHost.DurableTask.Entities;

/// <summary>One operation that an entity is asked for.</summary>
public abstract class TaskEntityOperation
{
    public abstract string Name { get; }
    public abstract TaskEntityContext Context { get; }
    public abstract TaskEntityState State { get; }
    public abstract bool HasInput { get; }

    public virtual T? GetInput<T>() => (T?)(GetInput(typeof(T)) ?? default(T));

    public abstract object? GetInput(Type inputType);

    public override string ToString() => Name;
}
