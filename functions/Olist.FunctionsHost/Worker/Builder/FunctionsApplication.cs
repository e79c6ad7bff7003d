namespace Olist.FunctionsHost.Worker.Builder;

/// <summary>Where <c>Program.cs</c> starts.</summary>
public class FunctionsApplication
{
    /// <exception cref="Hosting.FunctionsHostException">host.json or a settings file can't be read; the message names file and line.</exception>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
}
