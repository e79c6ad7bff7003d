using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Invocation;

/// <summary>
/// The invocations that run now: counted for drain, and looked through once a second for those past <c>functionTimeout</c>.
/// Adding and removing is a link in one of a few lists, each under its own lock. For several threads.
/// </summary>
sealed class RunningInvocations : IDisposable
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    readonly Stripe[] _stripes = [.. Enumerable.Range(0, 8).Select(_ => new Stripe())];
    readonly TimeProvider _time;
    readonly long _timeoutTicks;
    readonly ITimer? _timer;
    readonly Action<InvocationContext> _onTimeout;
    int _count;
    TaskCompletionSource? _idle;

    public RunningInvocations(TimeProvider time, TimeSpan timeout, Action<InvocationContext> onTimeout)
    {
        _time = time;
        _onTimeout = onTimeout;
        if (timeout == Timeout.InfiniteTimeSpan) return;
        _timeoutTicks = (long)(timeout.TotalSeconds * time.TimestampFrequency);
        _timer = time.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
    }

    public int Count => Volatile.Read(ref _count);

    public void Add(InvocationContext context)
    {
        Interlocked.Increment(ref _count);
        if (_timer is null) return;
        context.Deadline = _time.GetTimestamp() + _timeoutTicks;
        var stripe = StripeOf(context);
        lock (stripe)
        {
            context.Next = stripe.First;
            if (stripe.First is not null) stripe.First.Previous = context;
            stripe.First = context;
        }
    }

    public void Remove(InvocationContext context)
    {
        if (_timer is not null)
        {
            var stripe = StripeOf(context);
            lock (stripe)
            {
                if (context.Previous is not null) context.Previous.Next = context.Next;
                else stripe.First = context.Next;
                if (context.Next is not null) context.Next.Previous = context.Previous;
                context.Next = context.Previous = null;
            }
        }
        if (Interlocked.Decrement(ref _count) == 0) Volatile.Read(ref _idle)?.TrySetResult();
    }

    /// <summary>Completes when nothing runs; something may begin again right after.</summary>
    public async Task WaitForIdleAsync(CancellationToken cancellationToken)
    {
        while (Count > 0)
        {
            var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _idle, idle);
            if (Count == 0) return;
            await idle.Task.WaitAsync(cancellationToken);
        }
    }

    public void Dispose() => _timer?.Dispose();

    void Look()
    {
        var now = _time.GetTimestamp();
        List<InvocationContext> late = [];
        foreach (var stripe in _stripes)
            lock (stripe)
                for (var context = stripe.First; context is not null; context = context.Next)
                    if (context.Deadline < now && !context.TimedOut) late.Add(context);
        foreach (var context in late)
        {
            context.TimeOut();
            _onTimeout(context);
        }
    }

    Stripe StripeOf(InvocationContext context) => _stripes[System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(context) & 7];

    sealed class Stripe
    {
        public InvocationContext? First;
    }
}
