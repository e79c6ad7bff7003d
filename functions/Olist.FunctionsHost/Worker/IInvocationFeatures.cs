namespace Olist.FunctionsHost.Worker;

/// <summary>Objects kept by type for the time of an invocation.</summary>
public interface IInvocationFeatures : IEnumerable<KeyValuePair<Type, object>>
{
    void Set<T>(T instance);
    T? Get<T>();
}
