using Olist.Formats.Columns;
using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Steps.Gold;

/// <summary><c>gold.dim_user_location</c>: where customers and sellers are; users whose zip code has no valid location are left out.</summary>
public sealed class UserLocationStep : BatchStep
{
    const string User = "silver.olist_user", Geo = "silver.geo_coord";
    static readonly string[] Key = ["user_type", "user_id"];
    static readonly string[] UserColumns = ["user_type", "user_id", "zip_code"];
    static readonly string[] GeoColumns = ["zip_code", "lat", "lng"];

    public override string Target => "gold.dim_user_location";
    public override IReadOnlyList<string> Sources => [User, Geo];

    protected override async ValueTask<StepOutput> ComputeAsync(StepInput input, CancellationToken cancellationToken)
    {
        var users = await input[User].ReadAsync(UserColumns, cancellationToken);
        var places = await input[Geo].ReadAsync(GeoColumns, cancellationToken);
        if (input[User].HasHistory)
        {
            var earlier = await input[User].LookupAsync(places.Select("zip_code"), UserColumns, cancellationToken);
            users = RowBatch.Concat(users.Schema, [users, earlier]);
            users = users.Gather(Rows.Distinct(users["user_type"], users["user_id"]));
        }

        var found = new KeyIndex(places["zip_code"]).FindAll(users["zip_code"]);
        if (input[Geo].HasHistory)
        {
            var missing = users["zip_code"].Gather(Rows.Where(users.RowCount, row => found[row] < 0));
            var earlier = await input[Geo].LookupAsync(Rows.DistinctKeys("zip_code", missing), GeoColumns, cancellationToken);
            places = RowBatch.Concat(places.Schema, [places, earlier]);
            found = new KeyIndex(places["zip_code"]).FindAll(users["zip_code"]);
        }

        var located = Rows.Where(users.RowCount, row => found[row] >= 0);
        int[] at = [.. located.Select(row => found[row])];
        var rows = Rows.Of(input.Target.Columns,
            ("user_type", users["user_type"].Gather(located)), ("user_id", users["user_id"].Gather(located)), ("zip_code", users["zip_code"].Gather(located)),
            ("lat", places["lat"].Gather(at)), ("lng", places["lng"].Gather(at)));

        // A user who moved to a zip without a location leaves the table.
        var (existing, positions) = await input.LookupTargetAsync(users.Select(Key), cancellationToken);
        return Upsert.Replace(rows, existing, positions, Key);
    }
}
