namespace Olist.FunctionsHost.Worker.Builder;

/// <summary>Turns on HTTP functions with ASP.NET types.</summary>
public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.EnableHttpFunctions();
        return builder;
    }
}
