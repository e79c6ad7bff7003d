using Microsoft.Extensions.Configuration;
using Olist.Pipeline;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps;

namespace Olist.Functions.Operations;

/// <summary>What the app replays into itself when its lake is empty.</summary>
/// <param name="Dataset">Folder of the nine CSV files; <see langword="null"/> for the synthetic sample.</param>
/// <param name="Wanted">False with <c>Olist:Dataset=none</c>.</param>
/// <param name="Pace">How fast.</param>
public sealed record ReplaySettings(string? Dataset, bool Wanted, ReplayPace Pace)
{
    /// <summary>Orders of the synthetic sample.</summary>
    public const int SampleOrders = 5_000;

    /// <exception cref="PipelineException">A setting has a value that can't be.</exception>
    public static ReplaySettings Read(IConfiguration settings)
    {
        var dataset = WorkspaceSettings.Text(settings, "Olist:Dataset");
        var none = string.Equals(dataset, "none", StringComparison.OrdinalIgnoreCase);
        var speed = WorkspaceSettings.Text(settings, "Olist:Replay:Speed") ?? "max";
        return new ReplaySettings(none ? null : dataset, !none, PaceOf(speed));
    }

    static ReplayPace PaceOf(string speed)
    {
        try
        {
            return ReplayPace.Parse(speed);
        }
        catch (FormatException exception)
        {
            throw new PipelineException($"Setting Olist:Replay:Speed: {exception.Message}", exception);
        }
    }
}
