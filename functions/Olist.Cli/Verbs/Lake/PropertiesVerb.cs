using System.CommandLine;

namespace Olist.Cli.Verbs.Lake;

/// <summary><c>olist lake properties</c>: what a table says about how it is written and kept.</summary>
static class PropertiesVerb
{
    public static Command Create()
    {
        var (lake, name, json) = (CommonOptions.Lake(), LakeAccess.Table(required: true), CommonOptions.Json());
        var set = new Option<string[]>("--set") { Description = "KEY=VALUE, such as write.merge.mode=copy-on-write; may be given several times.", HelpName = "KEY=VALUE" };
        var unset = new Option<string[]>("--unset") { Description = "Takes a property away, back to its default; may be given several times.", HelpName = "KEY" };
        var command = new Command("properties", "The properties of a table; with --set and --unset, changes them first, all at once.") { lake, name, set, unset, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var pairs = (parsed.GetValue(set) ?? []).Select(text => text.Split('=', 2) is [{ Length: > 0 } key, var value] ? (key, value) : throw new CommandException($"--set {text}: expected KEY=VALUE.")).ToArray();
            var table = await LakeAccess.FindAsync(await LakeAccess.OpenAsync(parsed.GetValue(lake), cancellationToken), parsed.GetRequiredValue(name)!, cancellationToken); // required
            await table.EvolveAsync(evolution =>
            {
                foreach (var (key, value) in pairs) evolution.SetProperty(key, value);
                foreach (var key in parsed.GetValue(unset) ?? []) evolution.RemoveProperty(key);
            }, cancellationToken);
            if (parsed.GetValue(json)) Report.Json(table.Properties);
            else Report.Table($"{table.Name}, properties", table.Properties.OrderBy(property => property.Key, StringComparer.Ordinal));
            return 0;
        });
        return command;
    }
}
