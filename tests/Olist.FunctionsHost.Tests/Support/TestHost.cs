using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Triggers.Http;
using Olist.FunctionsHost.Worker.Builder;

namespace Olist.FunctionsHost.Tests.Support;

/// <summary>A whole host in this process, on a port of the system's choice, with the given function classes only.</summary>
sealed class TestHost : IAsyncDisposable
{
    readonly IHost _host;
    readonly TempFolder? _ownFolder;

    TestHost(IHost host, TempFolder? ownFolder, CollectingLogs logs)
    {
        (_host, _ownFolder, Logs) = (host, ownFolder, logs);
        Client = new HttpClient { BaseAddress = new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
    }

    public HttpClient Client { get; }
    public CollectingLogs Logs { get; }
    public IServiceProvider Services => _host.Services;
    public string MasterKey => System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(Services.GetRequiredService<FunctionsHostOptions>().StateFolder!, "keys.json")))
        .RootElement.GetProperty("master").GetString()!;

    public static FunctionsApplicationBuilder CreateBuilder(TempFolder folder, params Type[] classes) => CreateBuilder(folder, [], classes);

    public static FunctionsApplicationBuilder CreateBuilder(TempFolder folder, string[] args, params Type[] classes)
    {
        var builder = FunctionsApplication.CreateBuilder([$"--AzureWebJobsScriptRoot={folder.Root}", "--urls=http://127.0.0.1:0", .. args]);
        builder.ConfigureFunctionsWebApplication();
        builder.ConfigureEmbeddedHost(options =>
        {
            options.StateFolder = Path.Combine(folder.Root, "state");
            options.Assemblies.Add(typeof(TestHost).Assembly);
            options.AllowNestedClasses = true;
            options.ClassFilter = classes.Contains;
        });
        return builder;
    }

    public static Task<TestHost> StartAsync(params Type[] classes) => StartAsync(null, null, classes);

    public static async Task<TestHost> StartAsync(TempFolder? folder, Action<FunctionsApplicationBuilder>? configure, params Type[] classes)
    {
        var own = folder is null ? new TempFolder() : null;
        var builder = CreateBuilder(folder ?? own!, classes);
        var logs = new CollectingLogs();
        builder.Logging.ClearProviders().AddProvider(logs);
        configure?.Invoke(builder);
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new TestHost(host, own, logs);
    }

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    /// <summary>As SIGTERM does: whoever watches the app's lifetime is told first.</summary>
    public async Task StopLikeSignalAsync()
    {
        Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await StopAsync();
    }

    public async Task DisposeWithoutStopAsync()
    {
        Client.Dispose();
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        _ownFolder?.Dispose();
    }
}
