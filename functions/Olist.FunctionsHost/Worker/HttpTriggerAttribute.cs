using Olist.FunctionsHost.Worker.Extensions.Abstractions;

namespace Olist.FunctionsHost.Worker;

/// <summary>Runs the function for each HTTP request to its route. Without a level the host asks for a function key.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HttpTriggerAttribute : TriggerBindingAttribute
{
    public HttpTriggerAttribute() { }
    public HttpTriggerAttribute(params string[] methods) => Methods = methods;
    public HttpTriggerAttribute(AuthorizationLevel authLevel) => AuthLevel = authLevel;

    public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods)
    {
        AuthLevel = authLevel;
        Methods = methods;
    }

    /// <summary>ASP.NET route template below the route prefix; null is the function's name.</summary>
    public string? Route { get; set; }

    /// <summary>Null or empty: every method.</summary>
    public string[]? Methods { get; }

    public AuthorizationLevel AuthLevel { get; }
}
