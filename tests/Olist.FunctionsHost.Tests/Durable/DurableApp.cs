using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Olist.FunctionsHost.Durable;
using Olist.FunctionsHost.Durable.Engine;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Tests.Support;

namespace Olist.FunctionsHost.Tests.Durable;

/// <summary>A host with the orchestrations of the tests.</summary>
sealed class DurableApp : IAsyncDisposable
{
    readonly TestHost _host;

    DurableApp(TestHost host) => _host = host;

    public TestHost Host => _host;
    public DurableTaskClient Client => _host.Services.GetRequiredService<DurableTaskClient>();
    public DurableEngine Engine => _host.Services.GetRequiredService<DurableEngine>();
    public Trace Trace => _host.Services.GetRequiredService<Trace>();

    public static async Task<DurableApp> StartAsync(
        TempFolder? folder = null, TimeProvider? time = null, IDurableFaults? faults = null, Trace? trace = null, Action<FunctionsHostOptions>? configure = null, params Type[] classes) =>
        new(await TestHost.StartAsync(folder, builder =>
        {
            builder.Services.AddSingleton(trace ?? new Trace());
            if (time is not null) builder.Services.Replace(ServiceDescriptor.Singleton(time));
            if (faults is not null) builder.Services.AddSingleton(faults);
            builder.ConfigureEmbeddedHost(options =>
            {
                options.DurableFlush = DurableFlush.OperatingSystem;
                configure?.Invoke(options);
            });
        }, classes.Length > 0 ? classes : [typeof(Orchestrations), typeof(Activities), typeof(Starter)]));

    public Task<OrchestrationMetadata> CompletedAsync(string id) => Client.WaitForInstanceCompletionAsync(id, true, TestContext.Current.CancellationToken);

    public async Task<OrchestrationMetadata> RunAsync(string name, object? input = null)
    {
        var id = await Client.ScheduleNewOrchestrationInstanceAsync(name, input, TestContext.Current.CancellationToken);
        return await CompletedAsync(id);
    }

    public async Task<string> OutputAsync(string name, object? input = null)
    {
        var metadata = await RunAsync(name, input);
        Assert.True(metadata.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{metadata} {metadata.FailureDetails}");
        return metadata.ReadOutputAs<string>()!;
    }

    public async Task<string> FailureAsync(string name, object? input = null)
    {
        var metadata = await RunAsync(name, input);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, metadata.RuntimeStatus);
        return metadata.FailureDetails!.ToString();
    }

    public Task<OrchestrationMetadata?> GetAsync(string id) => Client.GetInstanceAsync(id, true, TestContext.Current.CancellationToken);

    public async Task UntilAsync(string id, Func<OrchestrationMetadata, bool> condition)
    {
        while (await GetAsync(id) is not { } metadata || !condition(metadata))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
