using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Olist.FunctionsHost.Admin;
using Olist.FunctionsHost.Discovery;
using Olist.FunctionsHost.Durable;
using Olist.FunctionsHost.Durable.Client;
using Olist.FunctionsHost.Durable.Engine;
using Olist.FunctionsHost.Durable.Management;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.DurableTask.Converters;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.Settings;
using Olist.FunctionsHost.State;
using Olist.FunctionsHost.Triggers;
using Olist.FunctionsHost.Triggers.Http;
using Olist.FunctionsHost.Triggers.Kafka;
using Olist.FunctionsHost.Triggers.Timer;
using Olist.FunctionsHost.Worker.Middleware;

namespace Olist.FunctionsHost.Hosting;

/// <summary>Puts the host together: settings, functions, services, endpoints.</summary>
sealed class HostComposition
{
    const string DefaultUrl = "http://127.0.0.1:7071";

    static readonly string[] EnvironmentVariables = ["AZURE_FUNCTIONS_ENVIRONMENT", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"];

    public FunctionsHostOptions Options { get; } = new();
    public List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> Middleware { get; } = [];
    public bool HttpFunctionsEnabled { get; set; }

    public static WebApplicationBuilder CreateWebBuilder(string[] args)
    {
        var root = SettingsSources.FindRoot(args);
        var environment = EnvironmentVariables
            .Select(Environment.GetEnvironmentVariable).FirstOrDefault(name => !string.IsNullOrEmpty(name)) ?? Environments.Production;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ContentRootPath = root,
            EnvironmentName = environment,
            ApplicationName = Assembly.GetEntryAssembly()?.GetName().Name,
        });
        SettingsSources.AddTo(builder.Configuration, root, environment, args);
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        if (!string.Equals(builder.Configuration[$"{SettingsSources.JobHost}:logging:console:isEnabled"], "false", StringComparison.OrdinalIgnoreCase))
            builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff ";
                console.ColorBehavior = LoggerColorBehavior.Default;
            });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        return builder;
    }

    /// <exception cref="FunctionsHostException">A setting or a function is refused.</exception>
    public WebApplication Build(WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var jobHost = configuration.GetSection(SettingsSources.JobHost);
        var unused = HostJsonCheck.Run(jobHost, [.. Options.AppSections]);
        foreach (var section in Options.AppSections) LiftSection(configuration, jobHost, section);
        OwnSettings.Apply(configuration, Options);
        var settings = HostSettings.Read(jobHost);
        var names = new SettingNames(configuration);
        var functions = FunctionDiscovery.Find(Options, settings, names);
        if (!HttpFunctionsEnabled && functions.FirstOrDefault(f => f.Kind == FunctionKind.Http) is { } http)
            throw new FunctionsHostException($"{http} takes an HttpRequest, which needs builder.ConfigureFunctionsWebApplication() in Program.cs.");

        ConfigureLogging(builder, settings);
        ConfigureServer(builder, configuration);
        AddServices(builder, settings, names, functions);
        var app = builder.Build();
        HostPipeline.Map(app, Options);
        app.Services.GetRequiredService<HostLifetime>().NoteUnused(unused);
        return app;
    }

    /// <summary>A section of host.json that is the app's becomes plain settings, below everything that was set elsewhere.</summary>
    static void LiftSection(ConfigurationManager configuration, IConfiguration jobHost, string section)
    {
        var values = jobHost.GetSection(section).AsEnumerable().Where(pair => pair.Value is not null)
            .Select(pair => KeyValuePair.Create(pair.Key[(SettingsSources.JobHost.Length + 1)..], pair.Value)).ToList();
        ((IConfigurationBuilder)configuration).Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = values });
    }

    static void ConfigureLogging(WebApplicationBuilder builder, HostSettings settings)
    {
        builder.Services.Configure<LoggerFilterOptions>(filters =>
        {
            foreach (var (category, level) in settings.LogLevels)
            {
                if (category.Equals("default", StringComparison.OrdinalIgnoreCase)) filters.MinLevel = level;
                else filters.Rules.Add(new LoggerFilterRule(null, category, level, null));
            }
        });
    }

    void ConfigureServer(WebApplicationBuilder builder, ConfigurationManager configuration)
    {
        if (configuration[WebHostDefaults.ServerUrlsKey] is null && configuration["http_ports"] is null) builder.WebHost.UseUrls(DefaultUrl);
        builder.Services.Configure<KestrelServerOptions>(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = Options.MaxRequestBodyBytes;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Options.DrainTimeout + TimeSpan.FromSeconds(10));
    }

    void AddServices(WebApplicationBuilder builder, HostSettings settings, SettingNames names, IReadOnlyList<FunctionDescriptor> functions)
    {
        var services = builder.Services;
        services.AddMvcCore();
        services.AddOptions<JsonSerializerOptions>();
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<JsonSerializerOptions>>(
            new ConfigureOptions<JsonSerializerOptions>(json => json.PropertyNameCaseInsensitive = true)));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DataConverter>(provider => new JsonDataConverter(provider.GetRequiredService<IOptions<JsonSerializerOptions>>().Value));
        services.TryAddSingleton<IEventLogs, SingleEventLog>();
        services.AddSingleton(Options);
        services.AddSingleton(settings);
        services.AddSingleton(settings.Http);
        services.AddSingleton(settings.Kafka);
        services.AddSingleton(settings.Durable);
        services.AddSingleton(names);
        services.AddSingleton(provider => new HostState(
            Path.Combine(builder.Environment.ContentRootPath, Options.StateFolder ?? ".functions-state"), provider.GetService<Olist.Streaming.StateFolder>()));
        services.AddSingleton<HostInstruments>();
        services.AddSingleton(provider => new FunctionSet(functions, Middleware, provider.GetRequiredService<DataConverter>(),
            provider.GetRequiredService<IOptions<JsonSerializerOptions>>(), provider.GetRequiredService<ILoggerFactory>()));
        services.TryAddSingleton<IWorkThreads, PoolThreads>();
        services.TryAddSingleton(new Chance());
        services.AddSingleton<HostStop>();
        services.AddSingleton<FunctionInvoker>();
        services.AddSingleton<RetryingInvoker>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<HttpFunctions>();
        services.AddSingleton<ScheduleMonitor>();
        services.AddSingleton<ListenerFactory>();
        services.AddSingleton<ListenerSet>();
        services.AddSingleton<IKafkaLag, KafkaLag>();
        services.TryAddSingleton<IDurableFaults, NoFaults>();
        services.AddSingleton<DurableFunctions>();
        services.AddSingleton<DurableEngine>();
        services.AddSingleton<DurableTaskClient, EmbeddedDurableClient>();
        services.AddSingleton<ManagementEndpoints>();
        services.AddSingleton<AdminEndpoints>();
        services.AddSingleton<HostLifetime>();
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(provider => provider.GetRequiredService<HostLifetime>()));
    }
}
