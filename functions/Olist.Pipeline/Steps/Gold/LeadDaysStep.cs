using Olist.Formats.Columns;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps.Batch;

namespace Olist.Pipeline.Steps.Gold;

/// <summary><c>gold.fact_order_lead_days</c>: the latest instant of each kind per order, and the calendar days between them.</summary>
public sealed class LeadDaysStep : BatchStep
{
    const string Event = "silver.order_event";
    const long Missing = long.MinValue;

    /// <summary>The kinds of event, in the order of the table's columns after the key.</summary>
    static readonly string[] Kinds = ["purchase", "approve", "delivered_carrier", "delivered_customer", "shipping_limit", "estimated_delivery"];
    static readonly byte[][] KindNames = [.. Kinds.Select(System.Text.Encoding.UTF8.GetBytes)];

    public override string Target => "gold.fact_order_lead_days";
    public override IReadOnlyList<string> Sources => [Event];

    protected override async ValueTask<StepOutput> ComputeAsync(StepInput input, CancellationToken cancellationToken)
    {
        var events = await input[Event].ReadAsync(["order_id", "data_type", "timestamp"], cancellationToken);
        var (orderOfEvent, firstEvents) = new KeyIndex(events["order_id"]).Group();
        var orders = (BytesColumn)events["order_id"].Gather(firstEvents);
        var latest = Kinds.Select(_ => NewColumn(orders.Count)).ToArray();
        var times = events.Longs("timestamp");
        var kindOf = KindReader(events.Bytes("data_type"));
        for (var row = 0; row < events.RowCount; row++)
        {
            var kind = kindOf(row);
            if (kind < 0 || times.IsNull(row)) continue;
            ref var known = ref latest[kind][orderOfEvent[row]];
            known = Math.Max(known, times[row]);
        }

        var keys = new RowBatch([input.Target.Columns[0]], [orders], orders.Count);
        var (existing, positions) = await input.LookupTargetAsync(keys, cancellationToken);
        Merge(latest, orders, existing);
        return Upsert.Changed(ToRows(input.Target.Columns, orders, latest), existing, positions, ["order_id"]);
    }

    static long[] NewColumn(int count)
    {
        var column = new long[count];
        column.AsSpan().Fill(Missing);
        return column;
    }

    /// <summary>What the table knows of these orders counts like events of this run.</summary>
    static void Merge(long[][] latest, BytesColumn orders, RowBatch existing)
    {
        if (existing.RowCount == 0) return;
        var found = new KeyIndex(orders).FindAll(existing["order_id"]);
        for (var kind = 0; kind < Kinds.Length; kind++)
        {
            var known = existing.Longs(Kinds[kind]);
            for (var row = 0; row < existing.RowCount; row++)
                if (!known.IsNull(row)) latest[kind][found[row]] = Math.Max(latest[kind][found[row]], known[row]);
        }
    }

    static RowBatch ToRows(IReadOnlyList<ColumnSchema> schema, BytesColumn orders, long[][] latest)
    {
        var (purchase, approve, carrier, customer, limit, estimated) = (latest[0], latest[1], latest[2], latest[3], latest[4], latest[5]);
        return Rows.Of(schema,
        [
            ("order_id", orders),
            .. Kinds.Zip(latest, (kind, times) => (kind, (Column)Nullable(DataType.Timestamp, times))),
            ("purchase_to_approval_days", Days(purchase, approve)),
            ("approval_to_carrier_days", Days(approve, carrier)),
            ("carrier_to_customer_days", Days(carrier, customer)),
            ("carrier_delivery_delay_days", Days(limit, carrier)),
            ("customer_delivery_delay_days", Days(estimated, customer)),
        ]);
    }

    static ValueColumn<long> Days(long[] from, long[] to)
    {
        var days = new long[from.Length];
        for (var i = 0; i < days.Length; i++)
            days[i] = from[i] == Missing || to[i] == Missing ? Missing : LeadDays.Between(from[i], to[i]);
        return Nullable(DataType.Long, days);
    }

    static ValueColumn<long> Nullable(DataType type, long[] values)
    {
        var builder = new ValueBuilder<long>(type, values.Length);
        foreach (var value in values)
            if (value == Missing) builder.AppendNull();
            else builder.Append(value);
        return (ValueColumn<long>)builder.Build();
    }

    /// <summary>Which of <see cref="Kinds"/> a row is, or -1; with a dictionary each kind's name is compared once.</summary>
    static Func<int, int> KindReader(BytesColumn names)
    {
        static int KindOf(ReadOnlySpan<byte> name)
        {
            for (var kind = 0; kind < KindNames.Length; kind++)
                if (name.SequenceEqual(KindNames[kind])) return kind;
            return -1;
        }
        if (names.Codes is not { } codes) return row => KindOf(names[row]);
        var kinds = Enumerable.Range(0, names.Dictionary!.Count).Select(entry => KindOf(names.Dictionary[entry])).ToArray();
        return row => names.IsNull(row) ? -1 : kinds[codes[row]];
    }
}
