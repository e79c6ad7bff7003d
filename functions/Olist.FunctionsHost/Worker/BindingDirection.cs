namespace Olist.FunctionsHost.Worker;

/// <summary>Whether a binding brings data to a function or takes it away.</summary>
public enum BindingDirection
{
    In = 0,
    Out = 1,
}
