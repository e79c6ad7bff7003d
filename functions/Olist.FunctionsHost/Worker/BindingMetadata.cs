namespace Olist.FunctionsHost.Worker;

/// <summary>One binding of a function: <c>kafkaTrigger</c>, <c>httpTrigger</c>, <c>timerTrigger</c>, <c>orchestrationTrigger</c> and so on.</summary>
public abstract class BindingMetadata
{
    public abstract string Name { get; }
    public abstract string Type { get; }
    public abstract BindingDirection Direction { get; }
}
