using System.CommandLine;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps;

namespace Olist.Cli.Verbs;

/// <summary><c>olist replay</c>: publishes a dataset's events, with the rhythm of the real traffic or as fast as it goes.</summary>
static class ReplayVerb
{
    public static Command Create()
    {
        var (dataset, lake, state, json) = (CommonOptions.Dataset(), CommonOptions.Lake(required: false), CommonOptions.State(), CommonOptions.Json());
        var broker = new Option<string>("--broker") { Description = "local: the log of the state folder.", DefaultValueFactory = _ => "local", HelpName = "local" };
        var speed = new Option<string>("--speed") { Description = "max, realtime, or a factor such as 60.", DefaultValueFactory = _ => "max", HelpName = "max|N|realtime" };
        var baseInterval = new Option<double>("--base-interval") { Description = "Seconds that a longer silence becomes.", DefaultValueFactory = _ => 30, HelpName = "S" };
        var threshold = new Option<double>("--threshold-interval") { Description = "Seconds of silence from which on it is cut.", DefaultValueFactory = _ => 300, HelpName = "S" };
        var from = CommonOptions.Time("--from", "First event time, included");
        var to = CommonOptions.Time("--to", "Event time to stop before");
        foreach (var seconds in (Option<double>[])[baseInterval, threshold])
            seconds.Check(value => value is >= 0 and < 1e9 ? null : $"{seconds.Name} must be a number of seconds from 0 on.");
        var command = new Command("replay", "Publish the events of a dataset to the log. Events that this dataset has put there before are not sent again.")
        {
            dataset, lake, state, broker, speed, baseInterval, threshold, from, to, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(broker) is not "local" and var other)
                throw new CommandException($"--broker {other}: this build publishes to the local log only; give --broker local.");
            var options = Settings.Workspace(Settings.Load(), parsed.GetValue(lake), parsed.GetValue(state));
            var pace = PaceOf(parsed.GetValue(speed)!) with
            {
                BaseInterval = TimeSpan.FromSeconds(parsed.GetValue(baseInterval)), ThresholdInterval = TimeSpan.FromSeconds(parsed.GetValue(threshold)),
            };
            var report = await Backfill.ReplayAsync(options, parsed.GetRequiredValue(dataset), pace, parsed.GetValue(from), parsed.GetValue(to), TimeProvider.System, Report.Progress, cancellationToken);
            BackfillVerb.Write(report, parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    static ReplayPace PaceOf(string speed)
    {
        try
        {
            return ReplayPace.Parse(speed);
        }
        catch (FormatException exception)
        {
            throw new CommandException($"--speed: {exception.Message}", exception);
        }
    }
}
