using System.CommandLine;
using Olist.Pipeline.Datasets.Synth;

namespace Olist.Cli.Verbs;

/// <summary><c>olist synth</c>: an Olist-shaped dataset of any size.</summary>
static class SynthVerb
{
    public static Command Create()
    {
        var orders = new Option<int>("--orders") { Description = "How many orders.", Required = true, HelpName = "N" };
        var seed = new Option<long>("--seed") { Description = "The same seed gives the same bytes.", DefaultValueFactory = _ => 1, HelpName = "S" };
        var folder = new Option<string>("--out") { Description = "Folder for the nine CSV files; made if it is not there.", Required = true, HelpName = "DIR" };
        var months = new Option<int>("--months") { Description = $"How many months from September 2016 on; more than {SyntheticDataset.PublicMonths} have the shop stay at its height for longer.", DefaultValueFactory = _ => SyntheticDataset.PublicMonths, HelpName = "M" };
        orders.Check(count => count < 1 ? "--orders must be at least 1." : null);
        months.Check(count => count is < SyntheticDataset.PublicMonths or > SyntheticDataset.MaxMonths ? $"--months must be from {SyntheticDataset.PublicMonths} to {SyntheticDataset.MaxMonths}." : null);
        var command = new Command("synth", "Write an Olist-shaped dataset in the public files' format.") { orders, seed, months, folder };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = parsed.GetRequiredValue(folder);
            await SyntheticDataset.WriteAsync(parsed.GetValue(orders), parsed.GetValue(seed), parsed.GetValue(months), target, cancellationToken);
            Report.Progress($"{parsed.GetValue(orders)} orders with seed {parsed.GetValue(seed)} are in {target}");
            return 0;
        });
        return command;
    }
}
