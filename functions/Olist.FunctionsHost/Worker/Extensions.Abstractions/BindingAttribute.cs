namespace Olist.FunctionsHost.Worker.Extensions.Abstractions;

/// <summary>Base of all binding attributes.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class BindingAttribute : Attribute
{
    public BindingAttribute() { }
}
