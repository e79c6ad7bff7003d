namespace Olist.Pipeline.Datasets.Synth;

/// <summary>When an order is approved, handed over and delivered. Long routes take longer and go wrong more often, and so do busy months.</summary>
sealed class OrderJourney(Marketplace marketplace)
{
    const long Hour = 3_600, Day = 86_400;
    const int TroublePerMillion = 18_000, TroublePer1000Km = 34_000;
    const int CarrierFirstPerMillion = 9_000, DeliveredBeforeShippedPerMillion = 1_000, UnapprovedPerMillion = 600, UnrecordedPerMillion = 300;

    public void Travel(SyntheticOrder order, string payment, ref Prng random)
    {
        var km = order.Items.Count == 0 ? 600 : marketplace.SellerPlaces[order.Items[0].Seller].DistanceKmTo(order.Customer);
        var approval = order.Purchase + ApprovalSeconds(payment, ref random);
        var carrier = approval + HandlingHours(ref random) * Hour + random.Below(Hour);
        // A mean route of 600 km takes nine days, and the customer is told about twice the time.
        var routeHours = 72 + km / 7;
        var delivered = carrier + routeHours * random.Quantile(35, 60, 78, 92, 108, 128, 158, 230) / 100 * Hour + random.Below(Hour);
        var promisedDays = 9 + routeHours * 18 / 240 + random.Below(8);
        order.Estimated = (order.Purchase / Day + promisedDays) * Day;
        if (random.Chance(TroubleChance(order, km))) delivered = Math.Max(delivered, order.Estimated + Day + random.Quantile(0, 40, 90, 150, 220, 340, 560, 1_300) * Hour);
        if (random.Chance(CarrierFirstPerMillion)) carrier = order.Purchase + random.Below(Math.Max(1, approval - order.Purchase));
        if (random.Chance(DeliveredBeforeShippedPerMillion)) carrier = delivered + random.Between(1, 3) * Day;

        (order.Approved, order.Carrier, order.Delivered) = (approval, carrier, delivered);
        StopAt(order, ref random);
        SetShippingLimits(order, approval, ref random);
    }

    static long ApprovalSeconds(string payment, ref Prng random) => payment == "boleto"
        ? random.Quantile(8, 20, 26, 30, 36, 48, 70, 110) * Hour + random.Below(Hour)
        : random.Chance(730_000) ? random.Quantile(300, 600, 720, 900, 1_100, 1_800, 4_000)
        : random.Quantile(2, 8, 14, 24, 36, 70) * Hour;

    static long HandlingHours(ref Prng random) => random.Quantile(3, 15, 24, 36, 48, 64, 90, 130, 310);

    static int TroubleChance(SyntheticOrder order, long km)
    {
        var chance = TroublePerMillion + km * TroublePer1000Km / 1000 + BrazilianState.All[order.Customer.State].TroublePerMillion;
        var month = DateTime.UnixEpoch.AddSeconds(order.Purchase);
        var isBusy = (month.Year, month.Month) is (2017, 11) or (2018, 2) or (2018, 3);
        return (int)Math.Min(isBusy ? chance * 2 : chance * 8 / 10, 600_000);
    }

    /// <summary>Takes back what an order in this final state did not live to see.</summary>
    static void StopAt(SyntheticOrder order, ref Prng random)
    {
        switch (order.Status)
        {
            case "delivered":
                if (random.Chance(UnapprovedPerMillion)) order.Approved = null;
                if (random.Chance(UnrecordedPerMillion)) order.Delivered = null;
                break;
            case "shipped":
                order.Delivered = null;
                break;
            case "created":
                (order.Approved, order.Carrier, order.Delivered) = (null, null, null);
                break;
            case "canceled":
                if (!random.Chance(10_000)) order.Delivered = null;
                if (order.Delivered is null && !random.Chance(120_000)) order.Carrier = null;
                if (order.Carrier is null && random.Chance(260_000)) order.Approved = null;
                break;
            default:
                (order.Carrier, order.Delivered) = (null, null);
                break;
        }
    }

    static void SetShippingLimits(SyntheticOrder order, long approval, ref Prng random)
    {
        var limit = approval + random.Quantile(48, 90, 110, 130, 150, 170, 220, 400) * Hour;
        for (var item = 0; item < order.Items.Count; item++)
        {
            if (item > 0 && order.Items[item].Seller != order.Items[item - 1].Seller) limit += random.Below(3) * Day;
            order.Items[item] = order.Items[item] with { ShippingLimit = limit };
        }
    }
}
