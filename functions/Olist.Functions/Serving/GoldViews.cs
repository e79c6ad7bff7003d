using Olist.Pipeline.Queries;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Functions.Serving;

/// <summary>The prepared answers that the endpoints share; a cache of committed snapshots, so every instance of the app may have its own.</summary>
public sealed class GoldViews(LakeTables lake) : IDisposable
{
    public SnapshotView<SalesView> Sales { get; } = new(lake, [SalesView.Table], (tables, cancellationToken) => SalesView.PrepareAsync(tables[SalesView.Table], cancellationToken));

    public SnapshotView<OpenOrdersView> OpenOrders { get; } = new(lake, [OpenOrdersView.LeadDaysTable, OpenOrdersView.DetailTable], (tables, cancellationToken) =>
        OpenOrdersView.PrepareAsync(tables[OpenOrdersView.LeadDaysTable], tables[OpenOrdersView.DetailTable], cancellationToken));

    public void Dispose()
    {
        Sales.Dispose();
        OpenOrders.Dispose();
    }
}
