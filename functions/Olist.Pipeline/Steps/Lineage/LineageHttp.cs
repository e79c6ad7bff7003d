using System.Net;
using System.Text;
using System.Threading.Channels;

namespace Olist.Pipeline.Steps.Lineage;

/// <summary>Sends events to an OpenLineage endpoint, one POST each, in order, beside the work: a run never waits for it and never fails because of it.</summary>
/// <remarks>The lake has all events anyway. What finds the queue full, or is not taken after the last try, is lost to the endpoint, counted, and said once until sending works again.</remarks>
public sealed class LineageHttp : IAsyncDisposable, IDisposable
{
    const int Tries = 5, QueueLength = 10_000;

    static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    readonly HttpClient _http;
    readonly Uri _endpoint;
    readonly TimeProvider _time;
    readonly Action<string> _warn;
    readonly Channel<string> _queue = Channel.CreateBounded<string>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    readonly CancellationTokenSource _stop = new();
    readonly Task _sending;
    long _sent, _lost;
    bool _isFailing;

    /// <param name="http">Owned from here on.</param>
    /// <param name="endpoint">The whole address, as in <c>http://marquez:5000/api/v1/lineage</c>.</param>
    /// <param name="warn">Told when sending begins to fail.</param>
    public LineageHttp(HttpClient http, Uri endpoint, TimeProvider time, Action<string> warn)
    {
        (_http, _endpoint, _time, _warn) = (http, endpoint, time, warn);
        _sending = Task.Run(SendAllAsync);
    }

    /// <summary>Events that the endpoint took.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Events that it did not get.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Queues events; returns at once.</summary>
    public void Offer(IReadOnlyList<string> events)
    {
        foreach (var one in events)
            if (!_queue.Writer.TryWrite(one)) Lose($"more than {QueueLength} events wait");
    }

    async Task SendAllAsync()
    {
        try
        {
            await foreach (var one in _queue.Reader.ReadAllAsync(_stop.Token))
            {
                if (await TrySendAsync(one) is { } problem) Lose(problem);
                else
                {
                    Interlocked.Increment(ref _sent);
                    Volatile.Write(ref _isFailing, false);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The app stops and the endpoint does not answer; the lake has the events.
        }
    }

    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    async Task<string?> TrySendAsync(string one)
    {
        for (var attempt = 1; ; attempt++)
        {
            string problem;
            try
            {
                using var content = new StringContent(one, Encoding.UTF8, "application/json");
                using var response = await _http.PostAsync(_endpoint, content, _stop.Token);
                if (response.IsSuccessStatusCode) return null;
                problem = $"it answered {(int)response.StatusCode}";
                if ((int)response.StatusCode is < 500 and not ((int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.TooManyRequests)) return problem;
            }
            catch (HttpRequestException exception)
            {
                problem = exception.Message;
            }
            catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
            {
                problem = $"no answer within {_http.Timeout}";
            }
            if (attempt == Tries) return problem;
            await Task.Delay(FirstWait * (1 << (attempt - 1)), _time, _stop.Token);
        }
    }

    void Lose(string problem)
    {
        var lost = Interlocked.Increment(ref _lost);
        if (Interlocked.Exchange(ref _isFailing, true)) return;
        _warn($"Lineage is not taken by {_endpoint} ({problem}; {lost} events not sent so far). Runs go on, and the lake has all events. See Olist:Lineage:Url.");
    }

    /// <summary>Gives what waits a moment to go out, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete()) return;
        _stop.CancelAfter(TimeSpan.FromSeconds(2));
        await _sending;
        _http.Dispose();
        _stop.Dispose();
    }

    /// <summary>Stops at once: what still waits is in the lake only.</summary>
    public void Dispose()
    {
        if (!_queue.Writer.TryComplete()) return;
        _stop.Cancel();
        _http.Dispose();
    }
}
