using Olist.Functions.Speed;
using Olist.Pipeline.Steps;

namespace Olist.Functions;

/// <summary>The whole app, opened: where its things are (<see cref="Workspace"/>), what serves from them, and its host.</summary>
sealed class OlistApp : IAsyncDisposable
{
    readonly SpeedLayer _speed;
    readonly IHostApplicationLifetime _lifetime;

    OlistApp(Workspace workspace, SpeedLayer speed, IHost host)
    {
        (Workspace, _speed, Host) = (workspace, speed, host);
        // Now, as a host that has run to its end has no services any more.
        _lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
    }

    public Workspace Workspace { get; }

    public IHost Host { get; }

    /// <param name="args">Of the command line; settings as <c>--Olist:Lake=DIR</c>.</param>
    /// <param name="configure">More of the builder, for tests.</param>
    /// <param name="open">More of what is opened, for tests.</param>
    /// <param name="time">What the whole app goes by: timers, commits, retention. Default: the system's.</param>
    public static async Task<OlistApp> OpenAsync(
        string[] args, Action<FunctionsApplicationBuilder>? configure, CancellationToken cancellationToken, Func<WorkspaceOptions, WorkspaceOptions>? open = null, TimeProvider? time = null)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        Defaults.AddTo(builder.Configuration);
        Flavour.Check(builder.Configuration);

        var options = WorkspaceSettings.Read(builder.Configuration);
        var workspace = await Workspace.OpenAsync(open?.Invoke(options) ?? options, time ?? TimeProvider.System, cancellationToken);
        try
        {
            await workspace.AlignConsumersAsync(cancellationToken);
            var speed = await SpeedLayer.OpenAsync(workspace, cancellationToken);
            builder.Services.AddOlist(workspace, speed, builder.Configuration);
            Flavour.Configure(builder, workspace);
            configure?.Invoke(builder);
            return new OlistApp(workspace, speed, builder.Build());
        }
        catch
        {
            await workspace.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops what runs first: cut off, it would count for nothing and be done again at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_lifetime.ApplicationStarted.IsCancellationRequested && !_lifetime.ApplicationStopped.IsCancellationRequested) await Host.StopAsync();
        Host.Dispose();
        await _speed.DisposeAsync();
        await Workspace.DisposeAsync();
    }
}
