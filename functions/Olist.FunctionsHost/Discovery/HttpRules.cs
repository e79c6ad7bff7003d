using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Discovery;

/// <summary>What an HTTP function must look like.</summary>
static class HttpRules
{
    public static IEnumerable<string> Check(FunctionDescriptor function)
    {
        foreach (var problem in FunctionRules.TriggerIs(function, typeof(HttpRequest))) yield return problem;
        var trigger = (HttpTriggerAttribute)function.Trigger;
        if (trigger.AuthLevel == AuthorizationLevel.User)
            yield return ": the level User needs a log-in provider that this host has not; use Function or Admin with keys, or Anonymous.";
        var route = (trigger.Route ?? function.Name).TrimStart('/');
        foreach (var reserved in (string[])["admin", "runtime"])
            if (route.Equals(reserved, StringComparison.OrdinalIgnoreCase) || route.StartsWith(reserved + "/", StringComparison.OrdinalIgnoreCase))
                yield return $": the route '{route}' starts with '{reserved}', which belongs to the host; choose another.";
        if (PatternProblem(route) is { } pattern) yield return $": the route '{route}' is not a route template ({pattern}).";
        foreach (var method in trigger.Methods ?? [])
            if (method.Length == 0 || !method.All(char.IsAsciiLetter)) yield return $": '{method}' is not an HTTP method.";
        var results = function.ResultType.GetProperties().Where(property => property.PropertyType.IsAssignableTo(typeof(IResult)) || IsActionResult(property.PropertyType)).ToList();
        if (results.Count > 0 && !function.ResultType.IsAssignableTo(typeof(IResult)) && !IsActionResult(function.ResultType)
            && results.Count(property => property.GetCustomAttribute<HttpResultAttribute>() is not null) != 1)
            yield return $": the result {function.ResultType.Name} has HTTP results in {string.Join(", ", results.Select(p => p.Name))}; mark exactly one with [HttpResult].";
    }

    public static bool IsActionResult(Type type) => type.IsAssignableTo(typeof(Microsoft.AspNetCore.Mvc.IActionResult));

    static string? PatternProblem(string route)
    {
        try
        {
            RoutePatternFactory.Parse(route);
            return null;
        }
        catch (RoutePatternException error)
        {
            return error.Message;
        }
    }
}
