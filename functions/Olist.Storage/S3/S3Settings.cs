namespace Olist.Storage;

/// <summary>Where an S3 store is and who asks; the settings <c>S3:*</c> of the app.</summary>
public sealed record S3Settings
{
    /// <summary>With scheme, such as <c>http://minio:9000</c>; <see langword="null"/> for Amazon's own, by region.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary><see langword="null"/>: the usual chain of environment, profile and instance role.</summary>
    public string? AccessKey { get; init; }

    public string? SecretKey { get; init; }

    /// <summary>Other servers take any text.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Bucket in the path rather than in the host name; <see langword="null"/>: yes with an own endpoint.</summary>
    public bool? PathStyle { get; init; }

    /// <summary>Objects above this size are sent in parts of this size. At least 5 MiB, which S3 demands. Default 16 MiB.</summary>
    public int PartBytes { get; init; } = 16 << 20;

    /// <summary>How often a request that failed for a passing reason (5xx, throttling, broken connection) is sent again; at most twice before the server's first answer. Default 6.</summary>
    public int MaxRetries { get; init; } = 6;

    /// <summary>How long a server may take to accept a connection. Default 3 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long the server may take to answer one request, its upload included; a request without an answer is sent once more. Default 60 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
