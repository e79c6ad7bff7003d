using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Olist.Storage.S3;

/// <summary>Create-if-absent by <c>If-None-Match: *</c>, with answers that got lost looked up.</summary>
/// <param name="client">Must not repeat requests by itself: a 412 then would say nothing about who won.</param>
sealed class ConditionalPut(AmazonS3Client client, string bucket, S3Settings settings) : IDisposable
{
    readonly SemaphoreSlim _proofLock = new(1, 1);
    volatile bool _proven;

    public static PutObjectRequest RequestOf(string bucket, string key, ReadOnlyMemory<byte> content) => new()
    {
        BucketName = bucket,
        Key = key,
        InputStream = new MemoryStream(content.ToArray(), writable: false),
        UseChunkEncoding = false, // not every server takes signed chunks
    };

    public async ValueTask<bool> TryCreateAsync(string prefix, string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            await ProveAsync(prefix, cancellationToken);
            return await CreateAsync(key, content, cancellationToken);
        }
        catch (Exception e) when (S3Errors.IsS3(e))
        {
            throw S3Errors.Translate("create", bucket, key, settings, e);
        }
    }

    async ValueTask<bool> CreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Exception? doubt = null;
        var silences = 0;
        for (var attempt = 0; attempt <= settings.MaxRetries && silences <= S3RetryPolicy.SilentTries; attempt++)
        {
            if (attempt > 0) await Task.Delay(Backoff(attempt), cancellationToken);
            var request = RequestOf(bucket, key, content);
            request.IfNoneMatch = "*";
            try
            {
                await client.PutObjectAsync(request, cancellationToken);
                return true;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                return doubt is not null && (await HoldsAsync(key, content, cancellationToken) ?? false);
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.Conflict)
            {
                // Another conditional put is under way: ask again.
            }
            catch (Exception e) when (S3Errors.IsPassing(e))
            {
                doubt = e;
                if (S3RetryPolicy.IsSilence(e)) silences++;
                try
                {
                    if (await HoldsAsync(key, content, cancellationToken) is { } ours) return ours;
                }
                catch (Exception look) when (S3Errors.IsPassing(look))
                {
                    doubt = look;
                    if (S3RetryPolicy.IsSilence(look)) silences++;
                }
            }
        }
        throw new StoreOutcomeUnknownException(
            $"It is not known whether s3://{bucket}/{key} was created: {(S3RetryPolicy.IsSilence(doubt) ? S3Errors.Silence(settings) : doubt?.Message) ?? "the server kept answering 409"}. Look whether it is there before trying again.", doubt);
    }

    /// <summary>Whether the object is what we sent; null when there is none.</summary>
    async ValueTask<bool?> HoldsAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetObjectAsync(bucket, key, cancellationToken);
            if (answer.ContentLength != content.Length) return false;
            var found = new byte[content.Length];
            await answer.ResponseStream.ReadExactlyAsync(found, cancellationToken);
            return found.AsSpan().SequenceEqual(content.Span);
        }
        catch (AmazonS3Exception e) when (S3Errors.IsMissing(e))
        {
            return null;
        }
    }

    /// <summary>Two conditional puts of one fresh key: the second must be refused.</summary>
    async ValueTask ProveAsync(string prefix, CancellationToken cancellationToken)
    {
        if (_proven) return;
        await _proofLock.WaitAsync(cancellationToken);
        try
        {
            if (_proven) return;
            var key = $"{prefix}{ObjectKeys.ReservedFolder}/conditional-put-{Guid.NewGuid():n}";
            var first = await CreateAsync(key, new byte[] { 1 }, cancellationToken);
            var second = await CreateAsync(key, new byte[] { 2 }, cancellationToken);
            await client.DeleteObjectAsync(bucket, key, cancellationToken);
            if (!first || second)
                throw new StoreException($"The server at {settings.Endpoint} ignores If-None-Match: two writers could both win a commit and one would be lost. Use a server that knows conditional puts.");
            _proven = true;
        }
        finally
        {
            _proofLock.Release();
        }
    }

    /// <summary>Doubling from 50 ms up to 5 s, and of that a random part, so that racing writers spread.</summary>
    static TimeSpan Backoff(int attempt)
    {
#pragma warning disable CA5394 // spreads load; not a secret
        return TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * Math.Min(5000, 50 << Math.Min(attempt, 10)));
#pragma warning restore CA5394
    }

    public void Dispose()
    {
        client.Dispose();
        _proofLock.Dispose();
    }
}
