using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Worker.Middleware;

namespace Olist.FunctionsHost.Worker.Builder;

/// <summary>Collects settings, services and middleware of the app, then builds the host. Not for several threads.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    readonly WebApplicationBuilder _web;
    readonly HostComposition _composition;
    bool _built;

    internal FunctionsApplicationBuilder(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        _composition = new HostComposition();
        _web = HostComposition.CreateWebBuilder(args);
    }

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_web).Properties;
    public ConfigurationManager Configuration => _web.Configuration;
    public IHostEnvironment Environment => _web.Environment;
    public ILoggingBuilder Logging => _web.Logging;
    public IMetricsBuilder Metrics => _web.Metrics;
    public IServiceCollection Services => _web.Services;

    IConfigurationManager IHostApplicationBuilder.Configuration => _web.Configuration;

    internal FunctionsHostOptions HostOptions => _composition.Options;

    internal void EnableHttpFunctions() => _composition.HttpFunctionsEnabled = true;

    /// <exception cref="InvalidOperationException">The second call.</exception>
    /// <exception cref="FunctionsHostException">A function or a setting is refused; the message names it and the way out.</exception>
    public IHost Build()
    {
        if (_built) throw new InvalidOperationException("Build can be called once only; make a new builder for another host.");
        _built = true;
        return _composition.Build(_web);
    }

    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull =>
        ((IHostApplicationBuilder)_web).ConfigureContainer(factory, configure);

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        _composition.Middleware.Add(middleware);
        return this;
    }
}
