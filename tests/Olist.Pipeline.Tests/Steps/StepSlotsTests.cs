using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Tests.Steps;

public sealed class StepSlotsTests
{
    [Fact]
    public async Task A_free_slot_goes_to_the_most_urgent_that_waits_and_to_none_that_gave_up()
    {
        var slots = new StepSlots(1);
        var patient = TestContext.Current.CancellationToken;
        using var impatient = new CancellationTokenSource();
        await slots.TakeAsync(0, patient);
        var (first, gone, urgent, second) = (slots.TakeAsync(1, patient), slots.TakeAsync(9, impatient.Token), slots.TakeAsync(5, patient), slots.TakeAsync(1, patient));
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        foreach (var (next, others) in new[] { (urgent, new[] { first, second }), (first, [second]), (second, []) })
        {
            Assert.False(next.IsCompleted);
            slots.Release();
            await next;
            Assert.All(others, other => Assert.False(other.IsCompleted));
        }
    }

    [Fact]
    public void Steps_of_the_longest_chain_are_the_most_urgent_and_of_equal_ones_those_of_a_chain_that_has_begun()
    {
        int Of(string target) => BatchPlan.Urgency(BatchPlan.Get(target));
        Assert.True(Of("silver.order_event") > Of("gold.fact_order_lead_days"));
        Assert.True(Of("gold.fact_order_lead_days") > Of("silver.review_metadata"));
        Assert.True(Of("silver.review_metadata") > Of("gold.fact_monthly_sales_by_product"));
    }
}
