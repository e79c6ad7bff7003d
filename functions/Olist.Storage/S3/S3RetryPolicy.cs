using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3.Internal;

namespace Olist.Storage.S3;

/// <summary>The client's own policy (exponential, with jitter), but an address at which no server ever answered is given up after <see cref="FirstTries"/> repeats: somebody waits to be told of a typing error.</summary>
sealed class S3RetryPolicy(IClientConfig config) : AmazonS3StandardRetryPolicy(config)
{
    /// <summary>Repeats before the first answer: some 2 s of waiting. Once the server has answered, it may restart for as long as all repeats last.</summary>
    const int FirstTries = 2;

    /// <summary>Repeats of a request that was taken and never answered: each costs the whole time-out, so that a silent server must not be asked for ever.</summary>
    public const int SilentTries = 1;

    volatile bool _answered;

    public override async Task<bool> RetryForExceptionAsync(IExecutionContext executionContext, Exception exception)
    {
        if (S3Errors.IsGarbled(exception)) return executionContext.RequestContext.Retries < FirstTries;
        if (IsSilence(exception) && executionContext.RequestContext.Retries >= SilentTries) return false;
        if (!IsUnreachable(exception)) _answered = true;
        else if (!_answered && executionContext.RequestContext.Retries >= FirstTries) return false;
        return await base.RetryForExceptionAsync(executionContext, exception);
    }

    public override void NotifySuccess(IExecutionContext executionContext)
    {
        _answered = true;
        base.NotifySuccess(executionContext);
    }

    /// <summary>The time-out went by.</summary>
    public static bool IsSilence(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            if (exception is TimeoutException) return true;
        return false;
    }

    /// <summary>No connection came about: refused, no such name, no way there, or no answer to the attempt to connect.</summary>
    static bool IsUnreachable(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            if (exception is SocketException or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
                or TaskCanceledException { InnerException: TimeoutException }) return true;
        return false;
    }
}
