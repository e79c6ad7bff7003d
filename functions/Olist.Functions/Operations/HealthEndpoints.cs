using Olist.Functions.Serving;
using Olist.Pipeline.Queries;
using Olist.Pipeline.Steps;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Functions.Operations;

/// <summary>Is it alive, and how far is it.</summary>
public sealed class HealthEndpoints(Workspace workspace, ReplayProgress replay)
{
    /// <summary>State of the app.</summary>
    /// <param name="Status"><c>filling</c> while a replay is on its way to gold, else <c>ok</c>.</param>
    /// <param name="MessagesWaiting">Messages in bronze topics that are not in bronze tables yet.</param>
    public sealed record Health(string Status, long ReplayPublished, long ReplayTotal, long MessagesWaiting, AsOf AsOf);

    /// <summary>One table.</summary>
    public sealed record TableState(string Table, long Rows, long? SnapshotId, DateTimeOffset? CommittedAt);

    [Function("health")]
    public Task<IActionResult> Check([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request, CancellationToken cancellationToken) =>
        Answers.OfAsync(async () => new Health(replay.WantsBatch ? "filling" : "ok", replay.Published, replay.Total,
            await workspace.CountWaitingAsync(cancellationToken), await workspace.GoldAsOfAsync(cancellationToken)));

    [Function("lake_tables")]
    public Task<IActionResult> Tables([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "lake/tables")] HttpRequest request, CancellationToken cancellationToken) =>
        Answers.OfAsync(async () =>
        {
            var page = PageRequest.Of(request);
            var tables = new List<Olist.Lake.LakeTable>();
            foreach (var name in await workspace.Tables.Catalog.ListTablesAsync(cancellationToken))
                if (await workspace.Tables.FindAsync(name.ToString(), cancellationToken) is { } table) tables.Add(table);
            return page.Cut(tables, AsOf.Of(tables), (table, _) =>
                new TableState(table.Name.ToString(), RowCounts.Of(table), table.Current?.SnapshotId, table.Current?.Timestamp));
        });
}
