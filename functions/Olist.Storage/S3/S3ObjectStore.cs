using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Olist.Storage.S3;

namespace Olist.Storage;

/// <summary>Objects below one prefix of an S3 bucket: Amazon's, MinIO, Ceph.</summary>
/// <remarks>
/// Exclusive creation is a conditional put (<c>If-None-Match: *</c>). A server that ignores the header would lose commits silently, so the first exclusive creation of an instance
/// tries it on an object of its own and refuses a server that lets both puts through. A lost answer is looked up by comparing what is there with what was sent.
/// </remarks>
public sealed class S3ObjectStore : IObjectStore, IDisposable
{
    readonly AmazonS3Client _client;
    readonly ConditionalPut _conditional;
    readonly S3Settings _settings;
    readonly string _bucket;
    readonly string _prefix;

    /// <param name="bucket">An existing bucket.</param>
    /// <param name="prefix">Folder of the store in it, without slashes at the ends; may be empty.</param>
    public S3ObjectStore(string bucket, string prefix, S3Settings settings)
    {
        ArgumentException.ThrowIfNullOrEmpty(bucket);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.PartBytes, 5 << 20);
        if (settings.AccessKey is null != settings.SecretKey is null)
            throw new ArgumentException("Of S3:AccessKey and S3:SecretKey only one is set; set both or none.", nameof(settings));
        _bucket = bucket;
        _prefix = prefix.Length == 0 ? "" : ObjectKeys.Validate(prefix) + "/";
        _settings = settings;
        _client = Connect(settings, settings.MaxRetries);
        _conditional = new ConditionalPut(Connect(settings, maxRetries: 0), bucket, settings);
        RootUri = prefix.Length == 0 ? $"s3://{bucket}" : $"s3://{bucket}/{prefix}";
    }

    public string RootUri { get; }

    static S3Client Connect(S3Settings settings, int maxRetries)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = settings.PathStyle ?? settings.Endpoint is not null,
            AuthenticationRegion = settings.Region,
            RetryMode = RequestRetryMode.Standard, // exponential, with jitter
            MaxErrorRetry = maxRetries,
            Timeout = settings.Timeout,
            ConnectTimeout = settings.ConnectTimeout,
            // Servers other than Amazon's do not know the newer checksum trailers.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (settings.Endpoint is not null) config.ServiceURL = settings.Endpoint.ToString();
        else config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(settings.Region);
        return settings.AccessKey is null ? new S3Client(config) : new S3Client(new BasicAWSCredentials(settings.AccessKey, settings.SecretKey), config);
    }

    string KeyOf(string key) => _prefix + ObjectKeys.Validate(key);

    StoreException Failed(string verb, string key, Exception e) => S3Errors.Translate(verb, _bucket, _prefix + key, _settings, e);

    public async ValueTask<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _client.GetObjectMetadataAsync(_bucket, KeyOf(key), cancellationToken);
            return new ObjectInfo(key, found.ContentLength, Utc(found.LastModified));
        }
        catch (AmazonS3Exception e) when (S3Errors.IsMissing(e))
        {
            return null;
        }
        catch (Exception e) when (S3Errors.IsS3(e))
        {
            throw Failed("look at", key, e);
        }
    }

    public async ValueTask<byte[]> ReadAsync(string key, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = _bucket, Key = KeyOf(key) };
        for (var attempt = 0; ; attempt++)
        {
            var answered = false;
            try
            {
                using var answer = await _client.GetObjectAsync(request, cancellationToken);
                answered = true;
                var content = GC.AllocateUninitializedArray<byte>(checked((int)answer.ContentLength));
                await answer.ResponseStream.ReadExactlyAsync(content, cancellationToken);
                return content;
            }
            catch (IOException) when (attempt < (answered ? _settings.MaxRetries : 1))
            {
                // The body broke off: the client repeats requests, not bodies. (Of an error, too, so once more without an answer.)
            }
            catch (Exception e) when (S3Errors.IsS3(e))
            {
                throw Failed("read", key, e);
            }
        }
    }

    public async ValueTask ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var name = KeyOf(key);
        if (destination.IsEmpty) return;
        for (var attempt = 0; ; attempt++)
        {
            var answered = false;
            try
            {
                var request = new GetObjectRequest { BucketName = _bucket, Key = name, ByteRange = new ByteRange(offset, offset + destination.Length - 1) };
                using var answer = await _client.GetObjectAsync(request, cancellationToken);
                answered = true;
                if (answer.ContentLength < destination.Length) throw TooShort(key, offset, destination.Length, null);
                await answer.ResponseStream.ReadExactlyAsync(destination, cancellationToken);
                return;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                throw TooShort(key, offset, destination.Length, e);
            }
            catch (IOException e) when (attempt < (answered ? _settings.MaxRetries : 1) && e.Data["short"] is null)
            {
                // As above.
            }
            catch (Exception e) when (S3Errors.IsS3(e) && e.Data["short"] is null)
            {
                throw Failed("read", key, e);
            }
        }
    }

    EndOfStreamException TooShort(string key, long offset, int length, Exception? inner)
    {
        var error = new EndOfStreamException($"{RootUri}/{key} has fewer than the {length} bytes that were asked for from {offset} on.", inner);
        error.Data["short"] = true;
        return error;
    }

    public ValueTask<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        _conditional.TryCreateAsync(_prefix, KeyOf(key), content, cancellationToken);

    public async ValueTask PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (content.Length > _settings.PartBytes)
        {
            await using var writer = await OpenWriteAsync(key, cancellationToken);
            await writer.WriteAsync(content, cancellationToken);
            await writer.CompleteAsync(cancellationToken);
            return;
        }
        try
        {
            await _client.PutObjectAsync(ConditionalPut.RequestOf(_bucket, KeyOf(key), content), cancellationToken);
        }
        catch (Exception e) when (S3Errors.IsS3(e))
        {
            throw Failed("write", key, e);
        }
    }

    public ValueTask<ObjectWriter> OpenWriteAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(new S3ObjectWriter(_client, _bucket, KeyOf(key), _settings));
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = _prefix + prefix };
        do
        {
            var page = await PageAsync(request, prefix, cancellationToken);
            foreach (var found in page.S3Objects ?? [])
                if (!found.Key.AsSpan(_prefix.Length).StartsWith(ObjectKeys.ReservedFolder + "/"))
                    yield return new ObjectInfo(found.Key[_prefix.Length..], found.Size ?? 0, Utc(found.LastModified));
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = _prefix + folder, Delimiter = "/" };
        do
        {
            var page = await PageAsync(request, folder, cancellationToken);
            foreach (var found in page.CommonPrefixes ?? [])
                if (folder.Length > 0 || !found.AsSpan(_prefix.Length).StartsWith(ObjectKeys.ReservedFolder + "/"))
                    yield return found[(_prefix.Length + folder.Length)..^1];
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    async ValueTask<ListObjectsV2Response> PageAsync(ListObjectsV2Request request, string prefix, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.ListObjectsV2Async(request, cancellationToken);
        }
        catch (Exception e) when (S3Errors.IsS3(e))
        {
            throw Failed("list", prefix, e);
        }
    }

    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            await _client.DeleteObjectAsync(_bucket, KeyOf(key), cancellationToken);
        }
        catch (AmazonS3Exception e) when (S3Errors.IsMissing(e))
        {
            // Nothing to remove.
        }
        catch (Exception e) when (S3Errors.IsS3(e))
        {
            throw Failed("delete", key, e);
        }
    }

    static DateTimeOffset Utc(DateTime? time) => time is null ? DateTimeOffset.UnixEpoch : new DateTimeOffset(time.Value.ToUniversalTime());

    public void Dispose()
    {
        _client.Dispose();
        _conditional.Dispose();
    }
}
