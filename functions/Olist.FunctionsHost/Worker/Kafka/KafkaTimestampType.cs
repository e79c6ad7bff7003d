namespace Olist.FunctionsHost.Worker;

/// <summary>Who set a record's timestamp. The trigger always says <see cref="NotAvailable"/>.</summary>
public enum KafkaTimestampType
{
    NotAvailable = 0,
    CreateTime = 1,
    LogAppendTime = 2,
}
