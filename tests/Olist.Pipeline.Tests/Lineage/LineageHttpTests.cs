using System.Net;
using Olist.Pipeline.Steps.Lineage;

namespace Olist.Pipeline.Tests.Lineage;

public sealed class LineageHttpTests
{
    static readonly Uri Endpoint = new("http://lineage.test/api/v1/lineage");

    [Fact]
    public async Task Events_go_out_in_order_and_a_passing_fault_loses_none()
    {
        using var server = new Server(call => call == 2 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.Created);
        var warnings = new List<string>();
        await using var http = new LineageHttp(new HttpClient(server), Endpoint, new HastyTime(), warnings.Add);
        http.Offer(["1", "2", "3"]);
        await server.UntilAsync(4);
        await http.DisposeAsync();
        Assert.Equal(["1", "2", "2", "3"], server.Bodies);
        Assert.Equal((3, 0), (http.Sent, http.Lost));
        Assert.Empty(warnings);
    }

    [Fact]
    public async Task An_endpoint_that_refuses_is_said_once_and_counted_and_nobody_fails()
    {
        using var server = new Server(_ => HttpStatusCode.BadRequest);
        var warnings = new List<string>();
        await using var http = new LineageHttp(new HttpClient(server), Endpoint, new HastyTime(), warnings.Add);
        http.Offer(["1", "2", "3"]);
        await server.UntilAsync(3);
        await http.DisposeAsync();
        Assert.Equal((0, 3), (http.Sent, http.Lost));
        Assert.Contains("400", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_is_not_there_is_tried_a_limited_number_of_times()
    {
        using var server = new Server(_ => throw new HttpRequestException("connection refused"));
        var warnings = new List<string>();
        await using var http = new LineageHttp(new HttpClient(server), Endpoint, new HastyTime(), warnings.Add);
        http.Offer(["1"]);
        await server.UntilAsync(5);
        await http.DisposeAsync();
        Assert.Equal((5, 1), (server.Bodies.Count, http.Lost));
    }

    sealed class Server(Func<int, HttpStatusCode> answer) : HttpMessageHandler
    {
        readonly SemaphoreSlim _called = new(0);

        public List<string> Bodies { get; } = [];

        public async Task UntilAsync(int calls)
        {
            for (var i = 0; i < calls; i++) Assert.True(await _called.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Bodies.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            try
            {
                return new HttpResponseMessage(answer(Bodies.Count));
            }
            finally
            {
                _called.Release();
            }
        }

        protected override void Dispose(bool disposing)
        {
            _called.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>Waits are over at once.</summary>
    sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
