using Olist.FunctionsHost.Worker.Builder;

namespace Olist.FunctionsHost.Hosting;

/// <summary>The embedded host's own hook in <c>Program.cs</c>.</summary>
public static class EmbeddedHostExtensions
{
    public static FunctionsApplicationBuilder ConfigureEmbeddedHost(this FunctionsApplicationBuilder builder, Action<FunctionsHostOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        configure(builder.HostOptions);
        return builder;
    }
}
