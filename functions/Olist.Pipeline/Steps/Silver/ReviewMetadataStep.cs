using Olist.Formats.Columns;
using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Steps.Silver;

/// <summary><c>silver.review_metadata</c>: reviews without their texts, as last written.</summary>
public sealed class ReviewMetadataStep : BatchStep
{
    const string Review = "bronze.review";
    static readonly string[] Columns = ["review_id", "order_id", "review_score", "review_creation_date", "review_answer_timestamp"];

    public override string Target => "silver.review_metadata";
    public override IReadOnlyList<string> Sources => [Review];

    protected override async ValueTask<StepOutput> ComputeAsync(StepInput input, CancellationToken cancellationToken)
    {
        var reviews = await input[Review].ReadAsync([.. Columns, "_offset"], cancellationToken);
        reviews = Rows.WithAll(reviews, "order_id");
        var latest = reviews.Gather(Rows.Latest(reviews.Longs("_offset"), reviews["review_id"], reviews["order_id"]));
        var rows = Rows.Of(input.Target.Columns, [.. Columns.Select(name => (name, latest[name]))]);
        return await Upsert.ChangedAsync(input, rows, ["review_id", "order_id"], cancellationToken);
    }
}
