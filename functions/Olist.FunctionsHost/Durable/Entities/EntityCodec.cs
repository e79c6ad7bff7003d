using Olist.FunctionsHost.Durable.Instances;
using Olist.FunctionsHost.Durable.Log;

namespace Olist.FunctionsHost.Durable.Entities;

/// <summary>Entities and their messages as bytes, in the log and in the entity store.</summary>
static class EntityCodec
{
    public static void Write(RecordWriter writer, EntityMessageRecord record)
    {
        writer.Text(record.EntityId);
        Write(writer, record.Message);
    }

    public static EntityMessageRecord ReadMessageRecord(ref RecordReader reader) => new(reader.Name(), ReadMessage(ref reader));

    public static void Write(RecordWriter writer, EntityMessage message)
    {
        writer.Byte((byte)message.Kind);
        writer.Number(message.Id);
        writer.Text(message.Operation);
        writer.Bytes(message.Input);
        writer.Number(message.DueTicks);
        if (message.Kind == EntityMessageKind.Signal) return;
        Write(writer, message.Caller);
        if (message.Kind != EntityMessageKind.Lock) return;
        writer.Number(message.LockSet!.Count); // A lock has one.
        foreach (var id in message.LockSet) writer.Text(id);
        writer.Number(message.LockIndex);
    }

    public static EntityMessage ReadMessage(ref RecordReader reader)
    {
        var kind = (EntityMessageKind)reader.Byte();
        var message = new EntityMessage(reader.Number(), kind, reader.Name(), reader.Bytes(), reader.Number());
        if (kind == EntityMessageKind.Signal) return message;
        message = message with { Caller = ReadCaller(ref reader) };
        if (kind != EntityMessageKind.Lock) return message;
        var set = new string[reader.Count()];
        for (var i = 0; i < set.Length; i++) set[i] = reader.Name();
        return message with { LockSet = set, LockIndex = reader.Count() };
    }

    public static void Write(RecordWriter writer, EntityCaller? caller)
    {
        writer.Text(caller?.InstanceId);
        if (caller is null) return;
        writer.Number(caller.Generation);
        writer.Number(caller.TaskId);
    }

    public static EntityCaller? ReadCaller(ref RecordReader reader) => reader.Text() is { } id ? new EntityCaller(id, reader.Count(), reader.Count()) : null;

    public static void Write(RecordWriter writer, EntityBatchRecord batch)
    {
        writer.Text(batch.EntityId);
        writer.Number(batch.Sequence);
        writer.Time(batch.At);
        writer.Number(batch.Consumed.Count);
        var last = 0L;
        foreach (var id in batch.Consumed)
        {
            writer.Number(id - last);
            last = id;
        }
        writer.Byte(batch.ChangesState ? (byte)1 : (byte)0);
        if (batch.ChangesState) writer.Bytes(batch.State);
        Write(writer, batch.LockedBy);
        writer.Number(batch.Starts.Count);
        foreach (var start in batch.Starts) RecordCodec.WriteCreate(writer, start);
        writer.Number(batch.Answers.Count);
        foreach (var answer in batch.Answers) RecordCodec.WriteMessage(writer, answer);
        WriteSent(writer, batch.Sent);
    }

    public static EntityBatchRecord ReadBatch(ref RecordReader reader)
    {
        var (id, sequence, at) = (reader.Name(), reader.Number(), reader.Time());
        var consumed = new long[reader.Count()];
        var last = 0L;
        for (var i = 0; i < consumed.Length; i++) consumed[i] = last += reader.Number();
        var changes = reader.Byte() == 1;
        var state = changes ? reader.Bytes() : null;
        var lockedBy = ReadCaller(ref reader);
        var starts = new CreateRecord[reader.Count()];
        for (var i = 0; i < starts.Length; i++) starts[i] = RecordCodec.ReadCreate(ref reader);
        var answers = new MessageRecord[reader.Count()];
        for (var i = 0; i < answers.Length; i++) answers[i] = RecordCodec.ReadMessage(ref reader);
        return new EntityBatchRecord(id, sequence, at, consumed, changes, state, lockedBy, starts, answers, ReadSent(ref reader));
    }

    public static void WriteSent(RecordWriter writer, IReadOnlyList<EntityMessageRecord> sent)
    {
        writer.Number(sent.Count);
        foreach (var message in sent) Write(writer, message);
    }

    public static EntityMessageRecord[] ReadSent(ref RecordReader reader)
    {
        var sent = new EntityMessageRecord[reader.Count()];
        for (var i = 0; i < sent.Length; i++) sent[i] = ReadMessageRecord(ref reader);
        return sent;
    }

    /// <summary>All of an entity, for the store.</summary>
    public static void WriteCell(RecordWriter writer, EntityCell cell)
    {
        writer.Byte(cell.IsRemoved ? (byte)1 : (byte)0);
        writer.Text(cell.Id);
        writer.Number(cell.Sequence);
        if (cell.IsRemoved) return;
        writer.Time(cell.ModifiedAt);
        writer.Bytes(cell.State);
        Write(writer, cell.LockedBy);
        writer.Number(cell.Inbox.Count);
        foreach (var message in cell.Inbox) Write(writer, message);
        writer.Number(cell.Delayed?.Count ?? 0);
        foreach (var message in cell.Delayed ?? []) Write(writer, message);
    }

    public static string ReadId(ReadOnlySpan<byte> bytes)
    {
        var reader = new RecordReader(bytes);
        reader.Byte();
        return reader.Name();
    }

    /// <summary>What <see cref="WriteCell"/> wrote; null when it is another entity's, or that of a removed one.</summary>
    public static StoredEntity? ReadCell(ReadOnlySpan<byte> bytes, string? expectedId)
    {
        var reader = new RecordReader(bytes);
        var isRemoved = reader.Byte() == 1;
        var id = reader.Name();
        if (isRemoved || (expectedId is not null && id != expectedId)) return null;
        var (sequence, modified, state, lockedBy) = (reader.Number(), reader.Time(), reader.Bytes(), ReadCaller(ref reader));
        return new StoredEntity(id, sequence, modified, state, lockedBy, ReadMessages(ref reader), ReadMessages(ref reader));
    }

    static EntityMessage[] ReadMessages(ref RecordReader reader)
    {
        var messages = new EntityMessage[reader.Count()];
        for (var i = 0; i < messages.Length; i++) messages[i] = ReadMessage(ref reader);
        return messages;
    }
}
