using Microsoft.AspNetCore.Http;

namespace Olist.FunctionsHost.Triggers.Http;

/// <summary>Route values, then query values of a request.</summary>
sealed class HttpMetadata(HttpContext http) : Invocation.TriggerMetadata
{
    public override bool TryGet(string name, out object? value)
    {
        if (http.Request.RouteValues.TryGetValue(name, out value)) return true;
        if (http.Request.Query.TryGetValue(name, out var texts) && texts.Count > 0)
        {
            value = texts[0];
            return true;
        }
        value = null;
        return false;
    }

    public override IReadOnlyDictionary<string, object?> ToBindingData()
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, texts) in http.Request.Query) data[name] = texts.ToString();
        foreach (var (name, value) in http.Request.RouteValues) data[name] = value;
        return data;
    }
}
