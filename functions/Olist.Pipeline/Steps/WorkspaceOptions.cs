using Olist.Storage;
using Olist.Streaming;

namespace Olist.Pipeline.Steps;

/// <summary>Where a pipeline keeps its things.</summary>
public sealed record WorkspaceOptions
{
    /// <summary>A folder or <c>s3://bucket/prefix</c>. Default <c>.olist/lake</c>.</summary>
    public string Lake { get; init; } = DefaultLake;

    /// <summary>Folder for the log and everything else that is not a table; <see langword="null"/>: <see cref="StateOf"/> the lake.</summary>
    public string? State { get; init; }

    /// <summary>For <c>s3://</c> lakes.</summary>
    public S3Settings S3 { get; init; } = new();

    /// <summary>Partitions of topics that do not exist yet. Default 4.</summary>
    public int Partitions { get; init; } = 4;

    /// <summary>Age at which the local log drops records that the tables have taken in (<see cref="LogRetention.Topics"/>); null: never. Default seven days.</summary>
    public TimeSpan? LogRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>What stands in front of the lake's store and that of the pipeline's own files: to count, measure or disturb. Default: nothing.</summary>
    public Func<IObjectStore, IObjectStore> StoreFilter { get; init; } = store => store;

    /// <summary>What stands in front of the event log, which it then owns. Default: nothing.</summary>
    public Func<IEventLog, IEventLog> LogFilter { get; init; } = log => log;

    public const string DefaultLake = ".olist/lake", DefaultState = ".olist/state";

    public string StateFolder => Path.GetFullPath(State ?? StateOf(Lake));

    /// <summary><c>lake.state</c> beside a folder lake, else <see cref="DefaultState"/>.</summary>
    public static string StateOf(string lake)
    {
        if (lake.StartsWith("file://", StringComparison.OrdinalIgnoreCase)) lake = new Uri(lake).LocalPath;
        return lake.Contains("://", StringComparison.Ordinal) ? DefaultState : lake.TrimEnd('/') + ".state";
    }
}
