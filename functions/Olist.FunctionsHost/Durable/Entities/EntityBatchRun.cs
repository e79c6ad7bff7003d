using Olist.FunctionsHost.Durable.Instances;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Entities;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Durable.Entities;

/// <summary>
/// One batch of operations of one entity, run through one call of its function. Each operation counts as a whole or not at all; what they
/// did is gathered here until it is committed. Used once.
/// </summary>
sealed class EntityBatchRun
{
    /// <summary>A batch ends early when it sends so much, so that its record stays writable.</summary>
    const long MaxSentBytes = 64L << 20;

    readonly IReadOnlyList<EntityMessage> _messages;
    readonly BatchOperation _operation;
    readonly BatchContext _context;
    Task? _dispatching;

    List<(EntityCaller Caller, HistoryEvent Answer)>? _answers;
    List<(string Operation, Exception Error)>? _failures;

    public EntityBatchRun(string id, byte[]? state, IReadOnlyList<EntityMessage> messages, EntityData data, Func<string, bool> isOrchestrator, Func<string> newInstanceId, Func<DateTime> now)
    {
        _messages = messages;
        State = new BatchState(state, data, id);
        _context = new BatchContext(id, data, isOrchestrator, newInstanceId, now);
        _operation = new BatchOperation(_context, State, data);
    }

    public BatchState State { get; }

    /// <summary>How many messages were dealt with, from the first on.</summary>
    public int Done { get; private set; }

    /// <summary>What the calls among them get.</summary>
    public IReadOnlyList<(EntityCaller Caller, HistoryEvent Answer)> Answers => (IReadOnlyList<(EntityCaller, HistoryEvent)>?)_answers ?? [];

    /// <summary>Operations that failed, for the log.</summary>
    public IReadOnlyList<(string Operation, Exception Error)> Failures => (IReadOnlyList<(string, Exception)>?)_failures ?? [];

    public IReadOnlyList<PendingSignal> Signals => _context.Signals;

    public IReadOnlyList<CreateRecord> Starts => _context.Starts;

    public TaskEntityDispatcher DispatcherFor(InvocationContext invocation) => new(make =>
        _dispatching is not null
            ? throw new InvalidOperationException("The operations of an entity are dispatched once; call DispatchAsync once per invocation.")
            : _dispatching = DispatchAsync(make(invocation)));

    /// <summary>The function has returned: what it did not await ends first, and without a dispatch every operation has failed.</summary>
    public ValueTask EndAsync()
    {
        if (_dispatching is null)
            Fail(new InvalidOperationException($"The function of entity {_context.Id} returned without dispatching; call dispatcher.DispatchAsync and await it."));
        return _dispatching is null or { IsCompletedSuccessfully: true } ? ValueTask.CompletedTask : new ValueTask(_dispatching);
    }

    /// <summary>The function failed as a whole: so did every operation, and nothing has changed.</summary>
    public void Fail(Exception error)
    {
        State.Reset();
        _context.Reset();
        (_answers, _failures) = (null, null);
        for (Done = 0; Done < _messages.Count; Done++) Answer(_messages[Done], null, error);
    }

    async Task DispatchAsync(ITaskEntity entity)
    {
        while (Done < _messages.Count && _context.SentBytes < MaxSentBytes)
        {
            var message = _messages[Done];
            _operation.Begin(message);
            byte[]? result = null;
            Exception? failure = null;
            try
            {
                var value = await entity.RunAsync(_operation);
                if (message.Caller is not null) result = _operation.Serialize(value);
                State.Keep();
                _context.Keep();
            }
#pragma warning disable CA1031 // The failure is the caller's; this operation's effects are undone.
            catch (Exception error)
#pragma warning restore CA1031
            {
                failure = error;
                State.Undo();
                _context.Undo();
            }
            Done++;
            Answer(message, result, failure);
        }
    }

    void Answer(EntityMessage message, byte[]? result, Exception? error)
    {
        if (error is not null) (_failures ??= []).Add((message.Operation, error));
        if (message.Caller is not { } caller) return;
        var now = DateTime.MinValue; // Stamped when committed.
        (_answers ??= []).Add((caller, error is null
            ? new HistoryEvent(HistoryKind.EntityAnswered, now, caller.TaskId, Data: EntityData.Text(result))
            : new HistoryEvent(HistoryKind.EntityFailed, now, caller.TaskId, message.Operation, Target: _context.Id.ToString(), Failure: TaskFailureDetails.FromException(error))));
    }
}

/// <summary>A signal that an operation sent.</summary>
sealed record PendingSignal(string Target, string Operation, byte[]? Input, DateTimeOffset? At);
