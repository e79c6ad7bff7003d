namespace Olist.FunctionsHost.Worker.Extensions.Abstractions;

/// <summary>Base of the attributes that carry a result away.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public abstract class OutputBindingAttribute : BindingAttribute
{
    public OutputBindingAttribute() { }
}
