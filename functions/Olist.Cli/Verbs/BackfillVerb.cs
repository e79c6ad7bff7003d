using System.CommandLine;
using System.Globalization;
using Olist.Pipeline.Steps;

namespace Olist.Cli.Verbs;

/// <summary><c>olist backfill</c>: the whole pipeline to completion, in one process.</summary>
static class BackfillVerb
{
    public static Command Create()
    {
        var (dataset, lake, state, json) = (CommonOptions.Dataset(), CommonOptions.Lake(), CommonOptions.State(), CommonOptions.Json());
        var command = new Command("backfill", "Take a dataset through the whole pipeline, to gold tables. Killed, it goes on where it was when given again.") { dataset, lake, state, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = Settings.Workspace(Settings.Load(), parsed.GetValue(lake), parsed.GetValue(state));
            var report = await Backfill.RunAsync(options, parsed.GetRequiredValue(dataset), TimeProvider.System, Report.Progress, cancellationToken);
            Write(report, parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    public static void Write(BackfillReport report, bool json)
    {
        if (json)
        {
            Report.Json(report);
            return;
        }
        static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
        Report.Table("Messages", report.Messages.Select(entry => KeyValuePair.Create(entry.Key, Count(entry.Value))));
        Report.Table("Rows", report.Rows.Select(entry => KeyValuePair.Create(entry.Key, Count(entry.Value))));
        Report.Table("Seconds", report.Seconds.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.ToString("F2", CultureInfo.InvariantCulture))));
        if (report.Rejected is { Count: > 0 } rejected)
        {
            Console.Out.WriteLine($"{rejected.Count} rows were set aside:");
            foreach (var row in rejected.Examples) Console.Out.WriteLine($"  {row.File}:{row.Line}: {row.Reason}");
            if (rejected.Count > rejected.Examples.Count) Console.Out.WriteLine($"  ... and {rejected.Count - rejected.Examples.Count} more (--json lists the first {rejected.Examples.Count})");
        }
    }
}
