using Olist.Formats.Columns;
using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Steps.Silver;

/// <summary><c>silver.olist_user</c>: customers and sellers with the zip code that they last gave.</summary>
public sealed class OlistUserStep : BatchStep
{
    const string Customer = "bronze.customer", Seller = "bronze.seller";

    public override string Target => "silver.olist_user";
    public override IReadOnlyList<string> Sources => [Customer, Seller];

    protected override async ValueTask<StepOutput> ComputeAsync(StepInput input, CancellationToken cancellationToken)
    {
        var customers = await input[Customer].ReadAsync(["customer_id", "zip_code", "_offset"], cancellationToken);
        var sellers = await input[Seller].ReadAsync(["seller_id", "zip_code", "_offset"], cancellationToken);
        var schema = input.Target.Columns;
        var users = RowBatch.Concat(schema, [Users(schema, "customer", customers), Users(schema, "seller", sellers)]);
        return await Upsert.ChangedAsync(input, users, ["user_type", "user_id"], cancellationToken);
    }

    static RowBatch Users(IReadOnlyList<ColumnSchema> schema, string type, RowBatch source)
    {
        var latest = source.Gather(Rows.Latest(source.Longs("_offset"), source.Columns[0]));
        return Rows.Of(schema, ("user_type", Rows.Constant(type, latest.RowCount)), ("user_id", latest.Columns[0]), ("zip_code", latest["zip_code"]));
    }
}
