using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Olist.FunctionsHost.Admin;
using Olist.FunctionsHost.Durable.Management;
using Olist.FunctionsHost.Triggers.Http;

namespace Olist.FunctionsHost.Hosting;

/// <summary>The order in which a request goes through the host.</summary>
static class HostPipeline
{
    public static void Map(WebApplication app, FunctionsHostOptions options)
    {
        app.UseMiddleware<ErrorPages>();
        app.UseRouting();
        app.Services.GetRequiredService<HttpFunctions>().Map(app);
        app.Services.GetRequiredService<AdminEndpoints>().Map(app);
        app.Services.GetRequiredService<ManagementEndpoints>().Map(app);
        foreach (var map in options.Endpoints) map(app);
    }
}
