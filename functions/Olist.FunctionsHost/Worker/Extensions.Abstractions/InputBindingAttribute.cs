namespace Olist.FunctionsHost.Worker.Extensions.Abstractions;

/// <summary>Base of the attributes that bring further data to a function.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class InputBindingAttribute : BindingAttribute
{
    public InputBindingAttribute() { }
}
