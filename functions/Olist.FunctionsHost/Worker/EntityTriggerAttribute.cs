using Olist.FunctionsHost.Worker.Extensions.Abstractions;

namespace Olist.FunctionsHost.Worker;

/// <summary>The function is an entity; goes on a <c>TaskEntityDispatcher</c>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class EntityTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>Name of the entity; null is the function's name.</summary>
    public string? EntityName { get; set; }
}
