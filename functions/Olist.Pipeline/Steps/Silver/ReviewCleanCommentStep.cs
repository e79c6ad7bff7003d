using Olist.Formats.Columns;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Steps.Silver;

/// <summary><c>silver.review_clean_comment</c>: the texts of reviews, normalised; one row per text that is not empty.</summary>
public sealed class ReviewCleanCommentStep : BatchStep
{
    const string Review = "bronze.review";
    static readonly string[] Texts = ["review_comment_title", "review_comment_message"];
    static readonly string[] Key = ["review_id", "order_id", "column"];

    public override string Target => "silver.review_clean_comment";
    public override IReadOnlyList<string> Sources => [Review];

    protected override async ValueTask<StepOutput> ComputeAsync(StepInput input, CancellationToken cancellationToken)
    {
        var reviews = await input[Review].ReadAsync(["review_id", "order_id", .. Texts, "_offset"], cancellationToken);
        reviews = Rows.WithAll(reviews, "order_id");
        var latest = reviews.Gather(Rows.Latest(reviews.Longs("_offset"), reviews["review_id"], reviews["order_id"]));
        var rows = RowBatch.Concat(input.Target.Columns, [.. Texts.Select(column => Clean(input.Target.Columns, latest, column))]);

        // A review that lost a text loses its row, so everything of these reviews is looked at, not only what is written.
        var (existing, positions) = await input.LookupTargetAsync(latest.Select("review_id", "order_id"), cancellationToken);
        return Upsert.Replace(rows, existing, positions, Key);
    }

    static RowBatch Clean(IReadOnlyList<ColumnSchema> schema, RowBatch reviews, string column)
    {
        var texts = reviews.Bytes(column);
        var clean = new BytesBuilder(DataType.String, reviews.RowCount, texts.Count * 32);
        var rows = new List<int>(reviews.RowCount);
        for (var row = 0; row < reviews.RowCount; row++)
        {
            if (texts.IsNull(row) || !CommentText.TryClean(texts[row], clean)) continue;
            rows.Add(row);
        }
        var ids = reviews.Select("review_id", "order_id").Gather([.. rows]);
        return Rows.Of(schema, ("review_id", ids["review_id"]), ("order_id", ids["order_id"]), ("column", Rows.Constant(column, rows.Count)), ("text", clean.Build()));
    }
}
