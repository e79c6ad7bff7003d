namespace Olist.Pipeline.Datasets.Synth;

/// <summary>One item of an order; money in hundredths.</summary>
readonly record struct SyntheticItem(UInt128 ProductId, int Seller, long ShippingLimit, long Price, long Freight);

/// <summary>One payment of an order.</summary>
readonly record struct SyntheticPayment(int Sequential, string Type, int Installments, long Value);

/// <summary>Everything about one order; times are seconds since 1970. Filled anew for each order.</summary>
sealed class SyntheticOrder
{
    public UInt128 OrderId, CustomerId, PersonId;
    public Place Customer;
    public string Status = "";
    public long Purchase;
    public long? Approved, Carrier, Delivered;
    public long Estimated;
    public readonly List<SyntheticItem> Items = [];
    public readonly List<SyntheticPayment> Payments = [];

    /// <summary>Calendar days after the promised one; null while it is on its way.</summary>
    public long? DaysLate => Delivered is { } delivered ? delivered / 86_400 - Estimated / 86_400 : null;
}
