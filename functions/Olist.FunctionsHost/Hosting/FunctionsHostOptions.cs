using System.Reflection;
using Microsoft.AspNetCore.Routing;

namespace Olist.FunctionsHost.Hosting;

/// <summary>
/// What only the embedded host knows; set in <c>Program.cs</c> through <see cref="EmbeddedHostExtensions.ConfigureEmbeddedHost"/>.
/// A setting of the section <c>FunctionsHost</c> of the same name wins over a value set here.
/// </summary>
public sealed class FunctionsHostOptions
{
    public const string Section = "FunctionsHost";

    /// <summary>
    /// Folder for keys, timers and durable state; one process at a time. Default <c>.functions-state</c> in the content root.
    /// An app that has taken its state folder itself registers the <see cref="Olist.Streaming.StateFolder"/> as a service, and the host shares it.
    /// </summary>
    public string? StateFolder { get; set; }

    /// <summary>Assemblies searched for functions, beside the entry assembly.</summary>
    public IList<Assembly> Assemblies { get; } = [];

    /// <summary>Which of the classes found are taken; default all.</summary>
    public Func<Type, bool>? ClassFilter { get; set; }

    /// <summary>Top-level sections of host.json that belong to the app; they become ordinary settings.</summary>
    public IList<string> AppSections { get; } = [];

    /// <summary>Largest request body, bytes. Default 100 MiB.</summary>
    public long MaxRequestBodyBytes { get; set; } = 100L << 20;

    /// <summary>How long a Kafka batch that is not full waits for more records while nothing runs. Default 2 ms.</summary>
    public TimeSpan KafkaLinger { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How long a stop waits for what runs before it cancels it. Default 30 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>When a durable step counts as written. Default <see cref="DurableFlush.Disk"/>.</summary>
    public DurableFlush DurableFlush { get; set; } = DurableFlush.Disk;

    /// <summary>Size of the durable log since its last checkpoint at which the next is made, if it is also twice the live state. Default 64 MiB.</summary>
    public long DurableCheckpointBytes { get; set; } = 64L << 20;

    /// <summary>So that tests keep functions beside what they check; the official build loses functions of nested classes.</summary>
    internal bool AllowNestedClasses { get; set; }

    /// <summary>How long a finished orchestration, its result and its custom status can still be asked for before it is purged; null: until somebody purges it. Default 30 days.</summary>
    public TimeSpan? DurableRetention { get; set; } = TimeSpan.FromDays(30);

    internal List<Action<IEndpointRouteBuilder>> Endpoints { get; } = [];

    /// <summary>Adds endpoints that are not functions (<c>/metrics</c>, <c>/</c>); no prefix and no key goes before them.</summary>
    public void MapEndpoints(Action<IEndpointRouteBuilder> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        Endpoints.Add(map);
    }
}
