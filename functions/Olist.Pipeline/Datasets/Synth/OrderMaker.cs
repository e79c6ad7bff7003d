namespace Olist.Pipeline.Datasets.Synth;

/// <summary>Makes the n-th order: who, what, for how much, and what became of it.</summary>
/// <remarks>Each order has random numbers of its own, so the n-th is the same whoever makes it and when.</remarks>
sealed class OrderMaker(long seed, Places places, Marketplace marketplace, ShoppingCalendar calendar)
{
    const int ReturningPerMillion = 33_000, PriceSlipPerMillion = 4_000, SamePricePerMillion = 620_000;

    static readonly string[] Statuses = ["delivered", "shipped", "canceled", "unavailable", "invoiced", "processing", "created", "approved"];
    static readonly WeightedChoice StatusChoice = new(9_580, 130, 90, 80, 50, 45, 15, 10);
    static readonly WeightedChoice ItemCounts = new(90_000, 7_500, 1_350, 500, 200, 198, 22, 8, 3, 8, 2, 5, 1, 2, 2, 1, 0, 0, 0, 3, 1);

    readonly OrderJourney _journey = new(marketplace);

    public void Make(int index, SyntheticOrder order)
    {
        var random = new Prng(seed, Draw.Order, index);
        order.OrderId = Marketplace.IdOf(random);
        order.CustomerId = Marketplace.IdOf(new Prng(seed, Draw.Customer, index));
        random.Next();
        random.Next();
        var person = index > 0 && random.Chance(ReturningPerMillion) ? random.Below(index) : index;
        order.PersonId = Marketplace.IdOf(new Prng(seed, Draw.Person, person));
        order.Customer = places.PickForCustomer(ref random);
        order.Purchase = calendar.Pick(ref random);
        order.Status = Statuses[StatusChoice.Pick(ref random)];
        order.Items.Clear();
        order.Payments.Clear();
        var payment = PaymentPlan.PickKind(order, ref random);
        if (HasItems(order.Status, ref random)) AddItems(order, ref random);
        _journey.Travel(order, payment, ref random);
        PaymentPlan.Add(order, payment, ref random);
    }

    static bool HasItems(string status, ref Prng random) => status switch
    {
        "unavailable" => random.Chance(10_000),
        "created" => random.Chance(400_000),
        "canceled" => random.Chance(740_000),
        _ => true,
    };

    void AddItems(SyntheticOrder order, ref Prng random)
    {
        var count = ItemCounts.Pick(ref random) + 1;
        var month = order.Purchase / (30 * 86_400);
        var offer = marketplace.Pick(ref random);
        for (var item = 0; item < count; item++)
        {
            if (item > 0 && !random.Chance(SamePricePerMillion)) offer = marketplace.Pick(ref random);
            var price = marketplace.PriceIn(offer, month);
            if (random.Chance(PriceSlipPerMillion)) price = price * 97 / 100;
            var km = marketplace.SellerPlaces[offer.Seller].DistanceKmTo(order.Customer);
            // About 20 BRL in the end: a base, the way, the weight.
            var freight = 750 + km / 2 + offer.WeightG / 8 + random.Below(400);
            order.Items.Add(new SyntheticItem(offer.ProductId, offer.Seller, 0, price, Math.Min(freight, 40_000)));
        }
    }
}
