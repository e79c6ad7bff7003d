namespace Olist.Pipeline.Speed.Orders;

/// <summary>What an order waits for.</summary>
public enum OrderStage
{
    /// <summary>Only promises or contents are known: its purchase has not been told yet.</summary>
    Announced,
    PurchaseToApproval,
    ApprovalToCarrier,
    CarrierToCustomer,
    Delivered,
}

/// <summary>Names and rules of stages.</summary>
public static class OrderStages
{
    static readonly string[] Names = ["announced", "purchaseToApproval", "approvalToCarrier", "carrierToCustomer", "delivered"];

    /// <summary>All names, in the order in which an order goes through them.</summary>
    public static IReadOnlyList<string> AllNames => Names;

    public static string NameOf(OrderStage stage) => Names[(int)stage];

    /// <returns><see langword="null"/> for a name that no stage has.</returns>
    public static OrderStage? Find(string name) => Array.FindIndex(Names, known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase)) is var index and >= 0 ? (OrderStage)index : null;

    /// <summary>The furthest event decides, whatever is missing before it: an approval that comes after the delivery changes no stage.</summary>
    public static OrderStage Of(in OrderTimes times) =>
        times.DeliveredCustomer is not null ? OrderStage.Delivered
        : times.DeliveredCarrier is not null ? OrderStage.CarrierToCustomer
        : times.Approve is not null ? OrderStage.ApprovalToCarrier
        : times.Purchase is not null ? OrderStage.PurchaseToApproval
        : OrderStage.Announced;
}
