using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;

namespace Olist.Storage.S3;

/// <summary>The S3 client with retries that know a wrong address from a server that restarts.</summary>
sealed class S3Client : AmazonS3Client
{
    public S3Client(AmazonS3Config config) : base(config) { }

    public S3Client(AWSCredentials credentials, AmazonS3Config config) : base(credentials, config) { }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.ReplaceHandler<RetryHandler>(new RetryHandler(new S3RetryPolicy(Config)));
    }
}
