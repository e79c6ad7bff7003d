namespace Olist.Pipeline.Datasets.Synth;

/// <summary>The five files that grow with the orders.</summary>
sealed class OrderFiles(Func<CsvFile, string> pathOf, long seed, Marketplace marketplace) : IDisposable
{
    readonly CsvWriter _orders = new(pathOf(DatasetFiles.Orders), DatasetFiles.Orders);
    readonly CsvWriter _items = new(pathOf(DatasetFiles.OrderItems), DatasetFiles.OrderItems);
    readonly CsvWriter _payments = new(pathOf(DatasetFiles.Payments), DatasetFiles.Payments);
    readonly CsvWriter _reviews = new(pathOf(DatasetFiles.Reviews), DatasetFiles.Reviews);
    readonly CsvWriter _customers = new(pathOf(DatasetFiles.Customers), DatasetFiles.Customers);
    readonly ReviewMaker _reviewer = new(seed);

    public void Write(int index, SyntheticOrder order)
    {
        WriteOrder(order);
        WriteCustomer(order);
        for (var item = 0; item < order.Items.Count; item++) WriteItem(order, item);
        foreach (var payment in order.Payments) WritePayment(order, payment);
        _reviewer.Write(_reviews, index, order);
    }

    void WriteOrder(SyntheticOrder order)
    {
        _orders.Id(order.OrderId);
        _orders.Id(order.CustomerId);
        _orders.Text(order.Status);
        _orders.Time(order.Purchase);
        _orders.Time(order.Approved);
        _orders.Time(order.Carrier);
        _orders.Time(order.Delivered);
        _orders.Time(order.Estimated);
        _orders.EndRow();
    }

    void WriteCustomer(SyntheticOrder order)
    {
        var state = BrazilianState.All[order.Customer.State];
        _customers.Id(order.CustomerId);
        _customers.Id(order.PersonId);
        _customers.ZipCode(order.Customer.ZipCode);
        _customers.Text(state.Cities[order.Customer.City].Name);
        _customers.Text(state.Code);
        _customers.EndRow();
    }

    void WriteItem(SyntheticOrder order, int index)
    {
        var item = order.Items[index];
        _items.Id(order.OrderId);
        _items.Number(index + 1);
        _items.Id(item.ProductId);
        _items.Id(marketplace.SellerId(item.Seller));
        _items.Time(item.ShippingLimit);
        _items.Money(item.Price);
        _items.Money(item.Freight);
        _items.EndRow();
    }

    void WritePayment(SyntheticOrder order, SyntheticPayment payment)
    {
        _payments.Id(order.OrderId);
        _payments.Number(payment.Sequential);
        _payments.Text(payment.Type);
        _payments.Number(payment.Installments);
        _payments.Money(payment.Value);
        _payments.EndRow();
    }

    public void Dispose()
    {
        _orders.Dispose();
        _items.Dispose();
        _payments.Dispose();
        _reviews.Dispose();
        _customers.Dispose();
    }
}
