using Olist.Lake.Rest;
using Olist.Pipeline.Steps;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Functions.Serving;

/// <summary>What the catalog tells its clients about storage (the address of an S3 server, never a key), and what it keeps them from: dropping the pipeline's tables, removing snapshots that its watermarks name.</summary>
static class CatalogSettings
{
    public static RestCatalogOptions Of(WorkspaceOptions workspace, LakeTables tables)
    {
        var storage = new Dictionary<string, string>();
        if (workspace.Lake.StartsWith("s3://", StringComparison.Ordinal))
        {
            // DuckDB opens no table that has other s3 settings without a region.
            storage["client.region"] = storage["s3.region"] = workspace.S3.Region;
            if (workspace.S3.Endpoint is { } endpoint)
            {
                storage["s3.endpoint"] = endpoint.ToString().TrimEnd('/');
                storage["s3.path-style-access"] = workspace.S3.PathStyle ?? true ? "true" : "false";
            }
        }
        return new RestCatalogOptions
        {
            StorageConfig = storage,
            KeptNamespaces = new HashSet<string>(["bronze", "silver", "gold", "stream"], StringComparer.Ordinal),
            NeededSnapshots = async (table, cancellationToken) => (await WatermarkSnapshots.FindAsync(tables, cancellationToken)).GetValueOrDefault(table) ?? [],
        };
    }
}
