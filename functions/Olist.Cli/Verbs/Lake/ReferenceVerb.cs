using System.CommandLine;
using System.Globalization;
using Olist.Lake;

namespace Olist.Cli.Verbs.Lake;

/// <summary><c>olist lake tag</c> and <c>olist lake branch</c>: names for snapshots, which keep them from expiring.</summary>
static class ReferenceVerb
{
    public static Command Create(ReferenceKind kind)
    {
        var what = kind == ReferenceKind.Tag ? "tag" : "branch";
        return new Command(what, kind == ReferenceKind.Tag ? "Names for snapshots, which stay where they are put." : "Names for snapshots, which move with each commit to them.")
        {
            Make(kind, what), Drop(kind, what), List(kind, what),
        };
    }

    static Option<string> Name(string what) => new("--name") { Description = $"The {what}.", Required = true, HelpName = "NAME" };

    static Command Make(ReferenceKind kind, string what)
    {
        var (lake, table, name) = (CommonOptions.Lake(), LakeAccess.Table(required: true), Name(what));
        var snapshot = new Option<long?>("--snapshot") { Description = "The snapshot to name; `olist lake snapshots` lists them. Default: the newest of main.", HelpName = "ID" };
        var age = LakeAccess.Hours("--keep-hours", $"The {what} goes at the first expiry when its snapshot is older. Default: it stays.", 0.001);
        var command = new Command("create", $"Give a snapshot a {what}, which keeps it from expiring.") { lake, table, name, snapshot, age };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, lake, table, async (found, token) =>
        {
            var retention = new ReferenceRetention { MaxReferenceAge = parsed.GetValue(age) is { } hours ? TimeSpan.FromHours(hours) : null };
            var (given, at) = (parsed.GetRequiredValue(name), parsed.GetValue(snapshot));
            await (kind == ReferenceKind.Tag ? found.References.CreateTagAsync(given, at, retention, token) : found.References.CreateBranchAsync(given, at, retention, token));
            Console.Out.WriteLine($"{found.Name}: {what} {given} is at snapshot {found.SnapshotOf(given).SnapshotId}");
        }, cancellationToken));
        return command;
    }

    static Command Drop(ReferenceKind kind, string what)
    {
        var (lake, table, name) = (CommonOptions.Lake(), LakeAccess.Table(required: true), Name(what));
        var command = new Command("drop", $"Take a {what} away. Its snapshots stay until they expire.") { lake, table, name };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, lake, table, async (found, token) =>
        {
            var given = parsed.GetRequiredValue(name);
            if (found.References.Find(given) is { } reference && reference.Kind != kind) throw new CommandException($"{given} of {found.Name} is no {what}; it is a {(kind == ReferenceKind.Tag ? "branch" : "tag")}.");
            await found.References.DropAsync(given, token);
            Console.Out.WriteLine($"{found.Name}: {what} {given} is gone");
        }, cancellationToken));
        return command;
    }

    static Command List(ReferenceKind kind, string what)
    {
        var (lake, table, json) = (CommonOptions.Lake(), LakeAccess.Table(required: true), CommonOptions.Json());
        var command = new Command("list", kind == ReferenceKind.Tag ? "The tags of a table." : "The branches of a table.") { lake, table, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, lake, table, (found, _) =>
        {
            var references = found.References.List().Where(reference => reference.Kind == kind).ToArray();
            if (parsed.GetValue(json)) Report.Json(references);
            else Report.Table($"{found.Name}, {(kind == ReferenceKind.Tag ? "tags" : "branches")}", references.Select(reference => KeyValuePair.Create(reference.Name, reference.SnapshotId.ToString(CultureInfo.InvariantCulture))));
            return Task.CompletedTask;
        }, cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, Option<string?> lake, Option<string?> table, Func<LakeTable, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        await work(await LakeAccess.FindAsync(await LakeAccess.OpenAsync(parsed.GetValue(lake), cancellationToken), parsed.GetRequiredValue(table)!, cancellationToken), cancellationToken); // required
        return 0;
    }
}
