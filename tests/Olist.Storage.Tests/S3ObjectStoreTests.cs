using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;

namespace Olist.Storage.Tests;

/// <summary>Runs against the server at <c>OLIST_TEST_S3_ENDPOINT</c> (keys olist / olistsecret), such as Ceph's gateway that infra/ceph-gateway.sh starts; without one each test says so and is skipped.</summary>
public sealed class S3ObjectStoreTests : StoreConformance
{
    const string Bucket = "olist-storage-tests";

    static string? Endpoint => Environment.GetEnvironmentVariable("OLIST_TEST_S3_ENDPOINT");

    static S3Settings Settings => new() { Endpoint = new Uri(Endpoint!), AccessKey = "olist", SecretKey = "olistsecret", PartBytes = 5 << 20 }; // called with an endpoint only

    protected override async ValueTask<(IObjectStore, IObjectStore)> OpenAsync()
    {
        Assert.SkipWhen(Endpoint is null, Environment.GetEnvironmentVariable("OLIST_TEST_S3_SKIP") is { Length: > 0 } why ? why : "OLIST_TEST_S3_ENDPOINT names no S3 server to test against; infra/ceph-gateway.sh starts one.");
        using var client = new AmazonS3Client(new BasicAWSCredentials("olist", "olistsecret"), new AmazonS3Config { ServiceURL = Endpoint, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        try
        {
            await client.PutBucketAsync(Bucket, Token);
        }
        catch (AmazonS3Exception e) when (e.ErrorCode is "BucketAlreadyOwnedByYou" or "BucketAlreadyExists")
        {
            // An earlier test made it.
        }
        var prefix = $"{Guid.NewGuid():n}/lake";
        return (new S3ObjectStore(Bucket, prefix, Settings), new S3ObjectStore(Bucket, prefix, Settings));
    }

    [Fact]
    public async Task Wrong_keys_bucket_and_endpoint_are_named_in_the_error()
    {
        using var wrongKey = new S3ObjectStore(Bucket, "x", Settings with { SecretKey = "wrong" });
        Assert.Contains("S3:SecretKey", (await Assert.ThrowsAsync<StoreException>(async () => await wrongKey.PutAsync("a", new byte[1], Token))).Message, StringComparison.Ordinal);
        using var wrongBucket = new S3ObjectStore("no-such-bucket-here", "x", Settings);
        var error = await Assert.ThrowsAsync<StoreException>(async () => await wrongBucket.ReadAsync("a", Token));
        Assert.True(error.Message.Contains("no bucket 'no-such-bucket-here'", StringComparison.Ordinal), error.ToString());
    }

}

/// <summary>What can be said of the S3 store without a server.</summary>
public sealed class S3ObjectStoreOfflineTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_endpoint_that_nobody_listens_at_is_named_in_the_error()
    {
        using var nobody = new S3ObjectStore("bucket", "x", new S3Settings { Endpoint = new Uri("http://127.0.0.1:1"), AccessKey = "a", SecretKey = "b", MaxRetries = 0 });
        var error = await Assert.ThrowsAsync<StoreException>(async () => await nobody.ReadAsync("a", TestContext.Current.CancellationToken));
        Assert.Contains("127.0.0.1:1", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreOutcomeUnknownException>(async () => await nobody.TryCreateAsync("a", new byte[1], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_address_where_nobody_ever_answered_is_given_up_in_seconds()
    {
        using var nobody = new S3ObjectStore("bucket", "x", new S3Settings { Endpoint = new Uri("http://127.0.0.1:1"), AccessKey = "a", SecretKey = "b" });
        await Assert.ThrowsAsync<StoreException>(() => nobody.ReadAsync("a", TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_server_that_takes_requests_and_never_answers_is_given_up_and_named()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start(); // connections are made by the system, and nobody reads them
        var endpoint = $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/";
        var settings = new S3Settings { Endpoint = new Uri(endpoint), AccessKey = "a", SecretKey = "b", Timeout = TimeSpan.FromMilliseconds(300) };
        using var store = new S3ObjectStore("bucket", "x", settings);
        Func<Task>[] operations =
        [
            async () => await store.FindAsync("a", Token), async () => await store.ReadAsync("a", Token), async () => await store.ReadAsync("a", 0, new byte[1], Token), async () => await store.PutAsync("a", new byte[1], Token),
            async () => await store.TryCreateAsync("a", new byte[1], Token), async () => await store.DeleteAsync("a", Token), async () => { await foreach (var _ in store.ListAsync("", Token)) { } },
        ];
        await Task.WhenAll(operations.Select(async operation =>
        {
            // Far more than twice the time-out, so that a busy machine is no failure, and far less than all repeats would take.
            var error = await Assert.ThrowsAnyAsync<StoreException>(() => operation().WaitAsync(TimeSpan.FromSeconds(30), Token));
            Assert.Contains("did not answer within 0.3 s", error.Message, StringComparison.Ordinal);
            Assert.Contains(endpoint, error.Message, StringComparison.Ordinal);
            Assert.Contains("S3:TimeoutSeconds", error.Message, StringComparison.Ordinal);
        }));
    }

    [Fact]
    public async Task A_connection_that_another_request_left_in_disorder_is_given_up_for_a_new_one()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var server = ServeAsync(listener, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        using var store = new S3ObjectStore("bucket", "x", new S3Settings { Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"), AccessKey = "a", SecretKey = "b" });
        Assert.Equal("ok"u8.ToArray(), await store.ReadAsync("a", Token));
        await server;
    }

    /// <summary>One answer per connection.</summary>
    static async Task ServeAsync(TcpListener listener, params string[] answers)
    {
        foreach (var answer in answers)
        {
            using var client = await listener.AcceptTcpClientAsync(Token);
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(Token) is { Length: > 0 }) { }
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer), Token);
        }
    }

    [Fact]
    public void One_key_without_the_other_is_refused() =>
        Assert.Throws<ArgumentException>(() => new S3ObjectStore("bucket", "", new S3Settings { AccessKey = "a" }));
}
