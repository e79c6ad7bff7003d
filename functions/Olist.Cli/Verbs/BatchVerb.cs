using System.CommandLine;
using Olist.Pipeline.Steps;

namespace Olist.Cli.Verbs;

/// <summary><c>olist batch</c>: takes in what the local log holds and runs the batch layer once.</summary>
static class BatchVerb
{
    public static Command Create()
    {
        var (lake, state, json) = (CommonOptions.Lake(), CommonOptions.State(), CommonOptions.Json());
        var command = new Command("batch", "Run the batch layer once over what is new. What waits in the local log of the state folder is taken into bronze first.") { lake, state, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = Settings.Workspace(Settings.Load(), parsed.GetValue(lake), parsed.GetValue(state));
            BackfillVerb.Write(await Backfill.CatchUpAsync(options, TimeProvider.System, Report.Progress, cancellationToken), parsed.GetValue(json));
            return 0;
        });
        return command;
    }
}
