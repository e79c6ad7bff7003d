using System.Globalization;
using Olist.Lake;
using Olist.Pipeline.Queries.Lineage;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Functions.Serving;

/// <summary>Where the data comes from: the whole graph, or one version of a table down to the offsets of topics.</summary>
public sealed class LineageEndpoints(LineageGraph graph, LakeTables lake)
{
    [Function("lineage")]
    public async Task<IActionResult> Graph([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "lineage")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? name = request.Query["table"], version = request.Query["snapshot"];
        if (string.IsNullOrEmpty(name))
            return string.IsNullOrEmpty(version) ? await Answers.OfAsync(() => graph.WholeAsync(cancellationToken)) : Wrong("snapshot names a version of a table: give table too, as in ?table=gold.fact_order_detail&snapshot=123.");
        if (!IsTableName(name)) return Wrong($"table is '{name}'; expected layer.name, such as gold.fact_order_detail.");
        long? snapshotId = null;
        if (!string.IsNullOrEmpty(version))
        {
            if (!long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return Wrong($"snapshot is '{version}'; expected the number of a snapshot.");
            snapshotId = id;
        }
        if (await lake.FindAsync(name, cancellationToken) is not { } table) return Answers.NotFound($"There is no table {name}; GET /api/lake/tables lists them.");
        var at = snapshotId is { } asked ? table.FindSnapshot(asked) : table.Current;
        if (at is null) return Answers.NotFound(snapshotId is null ? $"Table {name} is empty: nothing has come into it yet." : $"Table {name} has no snapshot {version}: it has expired, or is of another table.");
        return await Answers.OfAsync(() => graph.OfAsync(table, at, cancellationToken));
    }

    static bool IsTableName(string text)
    {
        try
        {
            TableName.Parse(text);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    static ObjectResult Wrong(string detail) => Answers.Problem(StatusCodes.Status400BadRequest, "The request is not understood", detail);
}
