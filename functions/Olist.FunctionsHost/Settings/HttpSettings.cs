using Microsoft.Extensions.Configuration;

namespace Olist.FunctionsHost.Settings;

/// <summary><c>extensions.http</c>; limits of -1 are none.</summary>
sealed record HttpSettings(
    string RoutePrefix, int MaxOutstandingRequests, int MaxConcurrentRequests, IReadOnlyDictionary<string, string> CustomHeaders, string? StrictTransportSecurity)
{
    public static HttpSettings Read(IConfiguration jobHost)
    {
        var read = new SettingReader(jobHost);
        const string Hsts = "extensions:http:hsts:";
        return new HttpSettings(
            read.Text("extensions:http:routePrefix", "api").Trim('/'),
            read.Number("extensions:http:maxOutstandingRequests", -1),
            read.Number("extensions:http:maxConcurrentRequests", -1),
            jobHost.GetSection("extensions:http:customHeaders").GetChildren().ToDictionary(header => header.Key, header => header.Value ?? ""),
            read.Flag(Hsts + "isEnabled", false)
                ? $"max-age={read.Number(Hsts + "maxAge", 2_592_000)}"
                    + (read.Flag(Hsts + "includeSubDomains", false) ? "; includeSubDomains" : "") + (read.Flag(Hsts + "preload", false) ? "; preload" : "")
                : null);
    }
}
