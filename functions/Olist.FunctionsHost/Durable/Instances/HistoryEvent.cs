using Olist.FunctionsHost.Durable.Log;
using Olist.FunctionsHost.DurableTask;

namespace Olist.FunctionsHost.Durable.Instances;

/// <summary>One fact in the life of an orchestration; immutable.</summary>
/// <param name="At">When it was recorded, UTC.</param>
/// <param name="TaskId">Which call of the orchestrator it belongs to, or -1.</param>
/// <param name="Name">Of the task, event or orchestration.</param>
/// <param name="Data">Input, result or payload, as JSON.</param>
/// <param name="Target">Instance id of a sub-orchestration or receiver; id of an entity; version of a started execution.</param>
/// <param name="FireAt">Of a timer or a delayed signal.</param>
sealed record HistoryEvent(
    HistoryKind Kind, DateTime At, int TaskId = -1, string? Name = null, string? Data = null, string? Target = null, DateTime FireAt = default, TaskFailureDetails? Failure = null)
{
    public void Write(RecordWriter writer)
    {
        writer.Byte((byte)Kind);
        writer.Time(At);
        writer.Number(TaskId);
        writer.Text(Name);
        writer.Text(Data);
        writer.Text(Target);
        if (HasTime(Kind)) writer.Time(FireAt);
        FailureRecord.Write(writer, Failure);
    }

    public static HistoryEvent Read(ref RecordReader reader)
    {
        var kind = (HistoryKind)reader.Byte();
        return new HistoryEvent(kind, reader.Time(), reader.Count(), reader.Text(), reader.Text(), reader.Text(),
            HasTime(kind) ? reader.Time() : default, FailureRecord.Read(ref reader));
    }

    static bool HasTime(HistoryKind kind) => kind is HistoryKind.TimerCreated or HistoryKind.EntitySignaled;

    /// <summary>Approximate bytes in memory and on disk.</summary>
    public int Weight => 32 + (Name?.Length ?? 0) + (Data?.Length ?? 0) + (Target?.Length ?? 0);
}
