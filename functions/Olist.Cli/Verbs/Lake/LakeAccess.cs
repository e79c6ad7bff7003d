using System.CommandLine;
using Olist.Lake;
using Olist.Pipeline.Steps;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Cli.Verbs.Lake;

/// <summary>What the verbs below <c>olist lake</c> have in common: the lake, its tables, and their options.</summary>
static class LakeAccess
{
    public static Option<string?> Table(bool required) => new("--table")
    {
        Description = required ? "layer.table." : "layer.table. Default: all tables, one after the other.", Required = required, HelpName = "NAME",
    };

    public static Option<bool> DryRun() => new("--dry-run") { Description = "Say what would be done; write and remove nothing." };

    /// <summary>A length of time in hours.</summary>
    public static Option<double?> Hours(string name, string description, double least)
    {
        var option = new Option<double?>(name) { Description = description, HelpName = "HOURS" };
        option.Check(value => value is { } hours && !(hours >= least && hours <= 1e6) ? $"{name} is {hours}; expected hours from {least} to a million." : null);
        return option;
    }

    public static Task<LakeTables> OpenAsync(string? lake, CancellationToken cancellationToken) =>
        Workspace.OpenLakeAsync(Settings.Workspace(Settings.Load(), lake, null), mayCreate: false, TimeProvider.System, cancellationToken);

    public static async Task<LakeTable> FindAsync(LakeTables tables, string name, CancellationToken cancellationToken) =>
        await tables.FindAsync(Checked(name), cancellationToken) ?? throw new CommandException($"No table {name} in the lake; `olist lake tables` lists those that are there.");

    static string Checked(string name)
    {
        try
        {
            return TableName.Parse(name).ToString();
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"--table '{name}' can't be a table; expected layer.table, such as gold.fact_order_detail. `olist lake tables` lists those that are there.", e);
        }
    }

    /// <summary>Does something to the named table, or to all; gives what came out, and prints it.</summary>
    /// <param name="line">A result in one line.</param>
    public static async Task<int> ForEachAsync<T>(LakeTables tables, string? name, bool json, Func<LakeTable, CancellationToken, ValueTask<T>> work, Func<T, string> line, CancellationToken cancellationToken) where T : notnull
    {
        var results = new List<object>();
        IEnumerable<string> names = name is not null ? [name] : (await tables.Catalog.ListTablesAsync(cancellationToken)).Select(table => table.ToString());
        foreach (var each in names)
        {
            var result = await work(await FindAsync(tables, each, cancellationToken), cancellationToken);
            results.Add(result);
            if (!json) Console.Out.WriteLine($"{each}: {line(result)}");
        }
        if (json) Report.Json(results);
        return 0;
    }
}
