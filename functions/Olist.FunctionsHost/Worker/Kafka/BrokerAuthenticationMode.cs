namespace Olist.FunctionsHost.Worker;

/// <summary>SASL mechanism of a Kafka connection.</summary>
public enum BrokerAuthenticationMode
{
    NotSet = -1,
    Gssapi,
    Plain,
    ScramSha256,
    ScramSha512,
    OAuthBearer,
}
