namespace Olist.FunctionsHost.Worker.Extensions.Abstractions;

/// <summary>Base of the attributes that make a method run.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class TriggerBindingAttribute : BindingAttribute
{
    public TriggerBindingAttribute() { }
}
