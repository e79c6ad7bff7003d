using Olist.Formats.Columns;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Steps.Gold;

/// <summary><c>gold.fact_review_answer_lead_days</c>: calendar days from a review to its answer.</summary>
public sealed class ReviewAnswerLeadDaysStep : BatchStep
{
    const string Review = "silver.review_metadata";
    static readonly string[] Columns = ["review_id", "order_id", "review_score", "review_creation_date", "review_answer_timestamp"];

    public override string Target => "gold.fact_review_answer_lead_days";
    public override IReadOnlyList<string> Sources => [Review];

    protected override async ValueTask<StepOutput> ComputeAsync(StepInput input, CancellationToken cancellationToken)
    {
        var reviews = await input[Review].ReadAsync(Columns, cancellationToken);
        var (created, answered) = (reviews.Longs("review_creation_date"), reviews.Longs("review_answer_timestamp"));
        var days = new ValueBuilder<long>(DataType.Long, reviews.RowCount);
        for (var row = 0; row < reviews.RowCount; row++)
            if (created.IsNull(row) || answered.IsNull(row)) days.AppendNull();
            else days.Append(LeadDays.Between(created[row], answered[row]));
        var rows = Rows.Of(input.Target.Columns, [("until_answer_lead_days", days.Build()), .. Columns.Select(name => (name, reviews[name]))]);
        return await Upsert.ChangedAsync(input, rows, ["review_id", "order_id"], cancellationToken);
    }
}
