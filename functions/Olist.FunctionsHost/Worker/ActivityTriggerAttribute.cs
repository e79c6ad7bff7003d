using Olist.FunctionsHost.Worker.Extensions.Abstractions;

namespace Olist.FunctionsHost.Worker;

/// <summary>The function is an activity; goes on the parameter that takes its input.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ActivityTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>Name of the activity; null is the function's name.</summary>
    public string? Activity { get; set; }
}
