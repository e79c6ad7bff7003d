using Olist.Testing.Oracle;

namespace Olist.Pipeline.Tests.Speed;

/// <summary>What <c>stream.fact_order_lead_days</c> must hold by the event clock.</summary>
static class OpenStages
{
    static readonly string[] Instants = ["purchase", "approve", "delivered_carrier", "delivered_customer"];

    /// <summary>The batch layer's rows, with the days so far where a stage is open: written from the design, not from the code.</summary>
    public static OracleTable Of(OracleTable gold)
    {
        var at = gold.Columns.Select((name, i) => (name, i)).ToDictionary(column => column.name, column => column.i);
        var now = gold.Rows.SelectMany(row => Instants.Select(name => (DateTime?)row[at[name]])).Max()!.Value;
        return gold with { Rows = [.. gold.Rows.Select(row => Open((object?[])row.Clone()))] };

        object?[] Open(object?[] row)
        {
            DateTime? Of(string name) => (DateTime?)row[at[name]];
            void Days(string column, string from, string to, params string[] closers)
            {
                if (Of(from) is { } start && Of(to) is null && closers.All(closer => Of(closer) is null)) row[at[column]] = (long)(now.Date - start.Date).TotalDays;
            }
            Days("purchase_to_approval_days", "purchase", "approve", "delivered_carrier", "delivered_customer");
            Days("approval_to_carrier_days", "approve", "delivered_carrier", "delivered_customer");
            Days("carrier_to_customer_days", "delivered_carrier", "delivered_customer");
            Days("carrier_delivery_delay_days", "shipping_limit", "delivered_carrier", "delivered_customer");
            Days("customer_delivery_delay_days", "estimated_delivery", "delivered_customer");
            return row;
        }
    }
}
