using Olist.FunctionsHost.Durable.Entities;
using Olist.FunctionsHost.Durable.Log;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.Hosting;

namespace Olist.FunctionsHost.Durable.Instances;

/// <summary>Durable records as bytes. The first byte says which; the numbers are on disk: never change one, only add.</summary>
static class RecordCodec
{
    const byte Create = 1, Message = 2, Step = 3, Purge = 4, Snapshot = 5, EntityMessage = 6, EntityBatch = 7, EntityRemoved = 8, StepWithEntities = 9;

    public static void Write(RecordWriter writer, DurableRecord record)
    {
        switch (record)
        {
            case CreateRecord create:
                writer.Byte(Create);
                WriteCreate(writer, create);
                break;
            case MessageRecord message:
                writer.Byte(Message);
                WriteMessage(writer, message);
                break;
            case StepRecord step:
                writer.Byte(step.EntitySent.Count > 0 ? StepWithEntities : Step);
                WriteStep(writer, step);
                if (step.EntitySent.Count > 0) EntityCodec.WriteSent(writer, step.EntitySent);
                break;
            case PurgeRecord purge:
                writer.Byte(Purge);
                writer.Text(purge.InstanceId);
                break;
            case SnapshotRecord snapshot:
                writer.Byte(Snapshot);
                WriteSnapshot(writer, snapshot.Instance);
                break;
            case EntityMessageRecord message:
                writer.Byte(EntityMessage);
                EntityCodec.Write(writer, message);
                break;
            case EntityBatchRecord batch:
                writer.Byte(EntityBatch);
                EntityCodec.Write(writer, batch);
                break;
            case EntityRemovedRecord removed:
                writer.Byte(EntityRemoved);
                writer.Text(removed.EntityId);
                writer.Number(removed.Sequence);
                break;
            default:
                throw new ArgumentException($"No form on disk for {record.GetType()}", nameof(record));
        }
    }

    public static DurableRecord Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new RecordReader(bytes);
        var kind = reader.Byte();
        return kind switch
        {
            Create => ReadCreate(ref reader),
            Message => ReadMessage(ref reader),
            Step => ReadStep(ref reader),
            Purge => new PurgeRecord(reader.Name()),
            Snapshot => new SnapshotRecord(ReadSnapshot(ref reader)),
            EntityMessage => EntityCodec.ReadMessageRecord(ref reader),
            EntityBatch => EntityCodec.ReadBatch(ref reader),
            EntityRemoved => new EntityRemovedRecord(reader.Name(), reader.Number()),
            StepWithEntities => ReadStep(ref reader) with { EntitySent = EntityCodec.ReadSent(ref reader) },
            _ => throw new CorruptStateException($"The durable log has a record of kind {kind}, which this version does not know; start the version that wrote it."),
        };
    }

    internal static void WriteCreate(RecordWriter writer, CreateRecord create)
    {
        writer.Text(create.InstanceId);
        writer.Text(create.Name);
        writer.Text(create.Version);
        writer.Text(create.Input);
        writer.Time(create.CreatedAt);
        writer.Time(create.StartAt);
        WriteParent(writer, create.Parent);
        writer.Texts(create.Tags);
        writer.Number(create.MessageId);
    }

    internal static CreateRecord ReadCreate(ref RecordReader reader) =>
        new(reader.Name(), reader.Name(), reader.Name(), reader.Text(), reader.Time(), reader.Time(), ReadParent(ref reader), reader.Texts(), reader.Number());

    static void WriteParent(RecordWriter writer, ParentLink? parent)
    {
        writer.Text(parent?.InstanceId);
        if (parent is null) return;
        writer.Text(parent.Name);
        writer.Number(parent.TaskId);
        writer.Number(parent.Generation);
    }

    static ParentLink? ReadParent(ref RecordReader reader) =>
        reader.Text() is { } id ? new ParentLink(id, reader.Name(), reader.Count(), reader.Count()) : null;

    internal static void WriteMessage(RecordWriter writer, MessageRecord message)
    {
        writer.Text(message.InstanceId);
        WriteInbox(writer, message.Message);
    }

    internal static MessageRecord ReadMessage(ref RecordReader reader) => new(reader.Name(), ReadInbox(ref reader));

    static void WriteInbox(RecordWriter writer, InboxMessage message)
    {
        writer.Number(message.Id);
        writer.Number(message.Generation);
        message.Event.Write(writer);
    }

    static InboxMessage ReadInbox(ref RecordReader reader) => new(reader.Number(), reader.Count(), HistoryEvent.Read(ref reader));

    static void WriteStep(RecordWriter writer, StepRecord step)
    {
        writer.Text(step.InstanceId);
        writer.Number(step.Generation);
        writer.Time(step.At);
        writer.Number(step.Consumed.Count);
        foreach (var id in step.Consumed) writer.Number(id);
        writer.Number(step.Events.Count);
        foreach (var happened in step.Events) happened.Write(writer);
        writer.Byte(step.RestartsHistory ? (byte)1 : (byte)0);
        writer.Text(step.Version);
        if (step.RestartsHistory) writer.Text(step.Input);
        writer.Byte((byte)step.Status);
        writer.Text(step.Output);
        writer.Text(step.CustomStatus);
        FailureRecord.Write(writer, step.Failure);
        writer.Number(step.Children.Count);
        foreach (var child in step.Children) WriteCreate(writer, child);
        writer.Number(step.Sent.Count);
        foreach (var sent in step.Sent) WriteMessage(writer, sent);
        writer.Number(step.FirstMessageId);
    }

    static StepRecord ReadStep(ref RecordReader reader)
    {
        var (id, generation, at) = (reader.Name(), reader.Count(), reader.Time());
        var consumed = new long[reader.Count()];
        for (var i = 0; i < consumed.Length; i++) consumed[i] = reader.Number();
        var events = new HistoryEvent[reader.Count()];
        for (var i = 0; i < events.Length; i++) events[i] = HistoryEvent.Read(ref reader);
        var restarts = reader.Byte() == 1;
        var version = reader.Name();
        var input = restarts ? reader.Text() : null;
        var (status, output, custom, failure) = ((OrchestrationRuntimeStatus)reader.Byte(), reader.Text(), reader.Text(), FailureRecord.Read(ref reader));
        var children = new CreateRecord[reader.Count()];
        for (var i = 0; i < children.Length; i++) children[i] = ReadCreate(ref reader);
        var sent = new MessageRecord[reader.Count()];
        for (var i = 0; i < sent.Length; i++) sent[i] = ReadMessage(ref reader);
        return new StepRecord(id, generation, at, consumed, events, restarts, version, input, status, output, custom, failure, children, sent, reader.Number());
    }

    static void WriteSnapshot(RecordWriter writer, Instance instance)
    {
        writer.Text(instance.Id);
        writer.Text(instance.Name);
        writer.Time(instance.CreatedAt);
        writer.Text(instance.Version);
        writer.Text(instance.Input);
        writer.Time(instance.StartAt);
        WriteParent(writer, instance.Parent);
        writer.Texts(instance.Tags);
        writer.Byte((byte)instance.Status);
        writer.Time(instance.UpdatedAt);
        writer.Text(instance.Output);
        writer.Text(instance.CustomStatus);
        FailureRecord.Write(writer, instance.Failure);
        writer.Number(instance.Generation);
        writer.Number(instance.History.Count);
        foreach (var happened in instance.History) happened.Write(writer);
        var durable = instance.Inbox.Where(message => message.Id != 0).ToList();
        writer.Number(durable.Count);
        foreach (var message in durable) WriteInbox(writer, message);
    }

    static Instance ReadSnapshot(ref RecordReader reader)
    {
        var instance = new Instance(reader.Name(), reader.Name(), reader.Time())
        {
            Version = reader.Name(),
            Input = reader.Text(),
            StartAt = reader.Time(),
            Parent = ReadParent(ref reader),
            Tags = reader.Texts(),
            Status = (OrchestrationRuntimeStatus)reader.Byte(),
            UpdatedAt = reader.Time(),
            Output = reader.Text(),
            CustomStatus = reader.Text(),
            Failure = FailureRecord.Read(ref reader),
            Generation = reader.Count(),
        };
        var history = reader.Count();
        for (var i = 0; i < history; i++) instance.History.Add(HistoryEvent.Read(ref reader));
        var inbox = reader.Count();
        for (var i = 0; i < inbox; i++) instance.Inbox.Add(ReadInbox(ref reader));
        return instance;
    }
}
