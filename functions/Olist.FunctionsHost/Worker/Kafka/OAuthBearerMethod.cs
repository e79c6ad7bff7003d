namespace Olist.FunctionsHost.Worker;

/// <summary>How an OAuth bearer token is had.</summary>
public enum OAuthBearerMethod
{
    Default,
    Oidc,
}
