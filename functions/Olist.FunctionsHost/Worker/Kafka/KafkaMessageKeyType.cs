namespace Olist.FunctionsHost.Worker;

/// <summary>How a message key is read before it reaches the function; only <see cref="Binary"/> loses nothing.</summary>
public enum KafkaMessageKeyType
{
    Int = 0,
    Long,
    String,
    Binary,
}
