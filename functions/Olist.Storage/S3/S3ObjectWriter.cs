using Amazon.S3;
using Amazon.S3.Model;

namespace Olist.Storage.S3;

/// <summary>Sends an object in one put when it is small, else as a multipart upload; holds one part in memory.</summary>
sealed class S3ObjectWriter(AmazonS3Client client, string bucket, string key, S3Settings settings) : ObjectWriter
{
    readonly List<PartETag> _parts = [];
    byte[] _part = new byte[256 << 10];
    int _filled;
    long _position;
    string? _uploadId;
    bool _completed;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => !_completed;
    public override long Length => _position;
    public override long Position { get => _position; set => throw new NotSupportedException("Objects are written from front to back."); }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Use WriteAsync: an S3 write goes over the network.");
    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Objects are written here, not read.");
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("Objects are written from front to back.");
    public override void SetLength(long value) => throw new NotSupportedException("Objects are written from front to back.");
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (_filled == settings.PartBytes) await SendPartAsync(cancellationToken);
            var count = Math.Min(buffer.Length, settings.PartBytes - _filled);
            if (_filled + count > _part.Length) Array.Resize(ref _part, Math.Min(settings.PartBytes, Math.Max(_part.Length * 2, _filled + count)));
            buffer[..count].CopyTo(_part.AsMemory(_filled));
            _filled += count;
            _position += count;
            buffer = buffer[count..];
        }
    }

    async ValueTask SendPartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _uploadId ??= (await client.InitiateMultipartUploadAsync(bucket, key, cancellationToken)).UploadId;
            var sent = await client.UploadPartAsync(new UploadPartRequest
            {
                BucketName = bucket,
                Key = key,
                UploadId = _uploadId,
                PartNumber = _parts.Count + 1,
                PartSize = _filled,
                InputStream = new MemoryStream(_part, 0, _filled, writable: false),
                UseChunkEncoding = false,
            }, cancellationToken);
            _parts.Add(new PartETag(_parts.Count + 1, sent.ETag));
            _filled = 0;
        }
        catch (Exception e) when (S3Errors.IsS3(e))
        {
            throw S3Errors.Translate($"write part {_parts.Count + 1} of", bucket, key, settings, e);
        }
    }

    public override async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_completed, this);
        if (_uploadId is not null && _filled > 0) await SendPartAsync(cancellationToken);
        try
        {
            if (_uploadId is null)
                await client.PutObjectAsync(ConditionalPut.RequestOf(bucket, key, _part.AsMemory(0, _filled)), cancellationToken);
            else
                await client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = _uploadId, PartETags = _parts }, cancellationToken);
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchUpload")
        {
            // When the answer to an earlier try got lost, the upload is gone and the object is there, whole.
            if (!await IsThereAsync(cancellationToken)) throw S3Errors.Translate("write", bucket, key, settings, e);
        }
        catch (Exception e) when (S3Errors.IsS3(e))
        {
            throw S3Errors.Translate("write", bucket, key, settings, e);
        }
        _completed = true;
    }

    async ValueTask<bool> IsThereAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetObjectMetadataAsync(bucket, key, cancellationToken)).ContentLength == _position;
        }
        catch (AmazonS3Exception e) when (S3Errors.IsMissing(e))
        {
            return false;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_completed && _uploadId is { } upload)
        {
            _uploadId = null;
            try
            {
                await client.AbortMultipartUploadAsync(bucket, key, upload);
            }
            catch (Exception e) when (S3Errors.IsS3(e))
            {
                // The parts stay until the bucket's lifecycle rule removes them; the error that led here is the one to tell.
            }
        }
        await base.DisposeAsync();
    }
}
