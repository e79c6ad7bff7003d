using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;

namespace Olist.Storage.S3;

/// <summary>Turns what the S3 client throws into what callers can act on.</summary>
static class S3Errors
{
    public static bool IsMissing(AmazonS3Exception e) => e.ErrorCode is "NoSuchKey" or "NotFound" || (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode is not "NoSuchBucket");

    /// <summary>Whether the same request may succeed a moment later, and may have been carried out already.</summary>
    public static bool IsPassing(Exception e) => e switch
    {
        AmazonS3Exception s3 when IsGarbled(s3) => true,
        AmazonS3Exception s3 => (int)s3.StatusCode >= 500 || s3.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
            || s3.ErrorCode is "SlowDown" or "RequestTimeout" or "Throttling" or "ThrottlingException",
        AmazonServiceException service => (int)service.StatusCode is 0 or >= 500,
        HttpRequestException or IOException or TimeoutException or TaskCanceledException { InnerException: TimeoutException } => true,
        _ => false,
    };

    /// <summary>A 400 without the words that S3 gives every refusal: the server's HTTP side did not understand the request. A server that refuses a put before it has read the body (wrong keys, on a busy machine)
    /// takes the body for the next request of that connection, whoever's it is.</summary>
    public static bool IsGarbled(Exception e) => e is AmazonS3Exception { StatusCode: HttpStatusCode.BadRequest, ErrorCode: null or "" or "BadRequest" };

    public static bool IsS3(Exception e) => e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException or TaskCanceledException { InnerException: TimeoutException };

    static string ServerOf(S3Settings settings) => settings.Endpoint?.ToString() ?? "Amazon S3";

    /// <summary>Words for a time-out.</summary>
    public static string Silence(S3Settings settings) => string.Create(CultureInfo.InvariantCulture,
        $"{ServerOf(settings)} did not answer within {settings.Timeout.TotalSeconds:0.###} s. Check that S3:Endpoint is that of an S3 server and that it is well, or allow it more time with S3:TimeoutSeconds.");

    public static StoreException Translate(string verb, string bucket, string key, S3Settings settings, Exception e)
    {
        var what = $"Could not {verb} s3://{bucket}/{key}";
        var server = ServerOf(settings);
        return e switch
        {
            AmazonS3Exception { ErrorCode: "NoSuchBucket" } => new StoreException($"{what}: {server} has no bucket '{bucket}'. Create it, or correct the bucket in the lake's address.", e),
            AmazonS3Exception s3 when IsMissing(s3) && verb == "list" => new StoreException($"{what}: {server} answered 404 to a listing, which no S3 server does. Check S3:Endpoint.", e),
            AmazonS3Exception s3 when IsMissing(s3) => new ObjectNotFoundException($"There is no object s3://{bucket}/{key} at {server}.", e),
            AmazonS3Exception { ErrorCode: "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" or "ExpiredToken" } =>
                new StoreException($"{what}: {server} does not accept the keys ({((AmazonS3Exception)e).ErrorCode}). Check S3:AccessKey and S3:SecretKey.", e),
            AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden } => new StoreException($"{what}: {server} forbids it to this user. Check S3:AccessKey, S3:SecretKey and the policy of bucket '{bucket}'.", e),
            AmazonServiceException { StatusCode: not 0 } service => new StoreException($"{what}: {server} answered {(int)service.StatusCode} {service.ErrorCode}: {service.Message}", e),
            _ when S3RetryPolicy.IsSilence(e) => new StoreException($"{what}: {Silence(settings)}", e),
            _ => new StoreException($"{what}: {server} can't be reached or broke off: {e.Message} Check S3:Endpoint (with http:// or https://) and the network.", e),
        };
    }
}
