using Olist.Pipeline.Steps;
#if !AZURE_HOST
using Olist.FunctionsHost.Hosting;
#endif

namespace Olist.Functions;

/// <summary>What the app tells its host beside the functions themselves. The official host takes all of it from host.json and its own settings.</summary>
static class Flavour
{
#if AZURE_HOST
    public static void Configure(FunctionsApplicationBuilder builder, Workspace workspace) => _ = (builder, workspace);

    public static bool IsStartupError(Exception exception) => false;
#else
    public static void Configure(FunctionsApplicationBuilder builder, Workspace workspace) =>
        builder.ConfigureEmbeddedHost(options =>
        {
            options.StateFolder = Path.Combine(workspace.State.Folder, "host");
            options.Assemblies.Add(typeof(Flavour).Assembly);
        });

    public static bool IsStartupError(Exception exception) => exception is FunctionsHostException;
#endif
}
