using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Invocation;

/// <summary>The context of one invocation; everything that most functions never look at is made at first use.</summary>
sealed class InvocationContext(
    FunctionEntry function, IServiceScopeFactory scopes, object? triggerValue, TriggerMetadata metadata, HttpContext? http, RetryContext? retry,
    string? invocationId, Chance chance, HostStop stop, CancellationToken trigger) : FunctionContext
{
    readonly Activity? _activity = Activity.Current;
    AsyncServiceScope? _scope;
    IServiceProvider? _services;
    CancellationTokenSource? _cancellation;
    string? _invocationId = invocationId;
    IDictionary<object, object>? _items;
    InvocationFeatures? _features;
    BindingContext? _binding;
    TraceContext? _trace;
    volatile bool _timedOut;

    public FunctionEntry Function => function;
    public object? TriggerValue => triggerValue;
    public TriggerMetadata Metadata => metadata;
    public HttpContext? HttpContext => http;
    public object? Result { get; set; }

    /// <summary>Neighbours in the list of running invocations; owned by <see cref="RunningInvocations"/>.</summary>
    public InvocationContext? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    public InvocationContext? Next { get; set; }

    /// <summary>Timestamp after which the invocation is too long; set by <see cref="RunningInvocations"/>.</summary>
    public long Deadline { get; set; }

    public bool TimedOut => _timedOut;

    public override string InvocationId => _invocationId ??= chance.NewId().ToString();
    public override string FunctionId => function.Definition.Id;
    public override FunctionDefinition FunctionDefinition => function.Definition;
    public override TraceContext TraceContext => _trace ??= new ActivityTraceContext(_activity);
    public override RetryContext RetryContext => retry!; // Null without a retry attribute: so does the official host.
    public override BindingContext BindingContext => _binding ??= new MetadataBinding(metadata);
    public override IInvocationFeatures Features => _features ??= new InvocationFeatures();

    public override IDictionary<object, object> Items
    {
        get => _items ??= new Dictionary<object, object>();
        set => _items = value;
    }

    public override IServiceProvider InstanceServices
    {
        get
        {
            if (_services is not null) return _services;
            _scope = scopes.CreateAsyncScope();
            return _services = _scope.Value.ServiceProvider;
        }
        set => _services = value;
    }

    public override CancellationToken CancellationToken
    {
        get
        {
            if (Volatile.Read(ref _cancellation) is { } known) return known.Token;
            var made = CancellationTokenSource.CreateLinkedTokenSource(stop.Aborted, trigger);
            if (Interlocked.CompareExchange(ref _cancellation, made, null) is { } first)
            {
                made.Dispose();
                return first.Token;
            }
            // A timeout that came just now either finds what was made, or is found here.
            if (_timedOut) made.Cancel();
            return made.Token;
        }
    }

    public void TimeOut()
    {
        _timedOut = true;
        Interlocked.MemoryBarrier();
        try
        {
            _cancellation?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The invocation ended in this moment.
        }
    }

    public ValueTask EndAsync()
    {
        _cancellation?.Dispose();
        return _scope?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    sealed class MetadataBinding(TriggerMetadata metadata) : BindingContext
    {
        IReadOnlyDictionary<string, object?>? _data;

        public override IReadOnlyDictionary<string, object?> BindingData => _data ??= metadata.ToBindingData();
    }
}
