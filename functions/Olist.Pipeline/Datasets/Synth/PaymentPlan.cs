namespace Olist.Pipeline.Datasets.Synth;

/// <summary>How an order is paid: mostly at once by card, now and then with a handful of vouchers.</summary>
static class PaymentPlan
{
    const int VouchersPerMillion = 22_000, TwoCardsPerMillion = 6_000, FreePerMillion = 300;

    static readonly string[] Kinds = ["credit_card", "boleto", "debit_card", "voucher"];
    static readonly WeightedChoice KindChoice = new(764, 199, 15, 22);
    static readonly WeightedChoice InstallmentChoice = new(480, 120, 101, 68, 50, 38, 16, 42, 6, 53, 1, 2);
    static readonly WeightedChoice VoucherCounts = new(0, 4_000, 900, 280, 170, 110, 70, 45, 33, 24, 19, 15, 9, 8, 6, 5, 3, 3, 4, 3, 4, 2, 1, 2, 2, 2, 1, 1, 1);

    public static string PickKind(SyntheticOrder order, ref Prng random) =>
        order.Status == "canceled" && random.Chance(8_000) ? "not_defined" : Kinds[KindChoice.Pick(ref random)];

    public static void Add(SyntheticOrder order, string kind, ref Prng random)
    {
        var total = order.Items.Sum(item => item.Price + item.Freight);
        if (order.Items.Count == 0) total = random.Quantile(2_000, 5_000, 8_000, 12_000, 20_000, 60_000);
        if (kind == "not_defined") total = 0;
        if (kind == "voucher" || (kind == "credit_card" && random.Chance(VouchersPerMillion))) AddWithVouchers(order, kind, total, ref random);
        else if (kind == "credit_card" && random.Chance(TwoCardsPerMillion)) AddInParts(order, kind, kind, 2, total, ref random);
        else order.Payments.Add(new SyntheticPayment(1, kind, Installments(kind, ref random), total));
        // The file has the payments of an order in no order.
        for (var last = order.Payments.Count - 1; last > 0; last--)
        {
            var other = (int)random.Below(last + 1);
            (order.Payments[last], order.Payments[other]) = (order.Payments[other], order.Payments[last]);
        }
    }

    static void AddWithVouchers(SyntheticOrder order, string kind, long total, ref Prng random)
    {
        if (kind == "voucher" && random.Chance(400_000)) order.Payments.Add(new SyntheticPayment(1, "voucher", 1, total));
        else AddInParts(order, kind, "voucher", VoucherCounts.Pick(ref random) + 1, total, ref random);
    }

    static void AddInParts(SyntheticOrder order, string first, string others, int count, long total, ref Prng random)
    {
        var rest = total;
        for (var part = 1; part <= count; part++)
        {
            var value = part == count ? rest : random.Chance(FreePerMillion) ? 0 : Math.Max(rest / 20, random.Below(rest * 2 / (count - part + 1) + 1));
            value = Math.Min(value, rest);
            rest -= value;
            var kind = part == 1 ? first : others;
            order.Payments.Add(new SyntheticPayment(part, kind, Installments(kind, ref random), value));
        }
    }

    static int Installments(string kind, ref Prng random) => kind == "credit_card" ? InstallmentChoice.Pick(ref random) + 1 : 1;
}
