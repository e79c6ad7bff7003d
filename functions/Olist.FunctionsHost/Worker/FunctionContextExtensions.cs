using Microsoft.AspNetCore.Http;

namespace Olist.FunctionsHost.Worker;

/// <summary>Access to the HTTP request behind an invocation.</summary>
public static class FunctionContextExtensions
{
    /// <summary>Null when no HTTP request triggered the function.</summary>
    public static HttpContext? GetHttpContext(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return (context as Invocation.InvocationContext)?.HttpContext;
    }
}
