namespace Olist.FunctionsHost.Worker;

/// <summary>Transport of a Kafka connection.</summary>
public enum BrokerProtocol
{
    NotSet = -1,
    Plaintext,
    Ssl,
    SaslPlaintext,
    SaslSsl,
}
