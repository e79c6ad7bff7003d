using Olist.FunctionsHost.DurableTask.Entities;

namespace Olist.FunctionsHost.Durable.Entities;

/// <summary>The operation that runs now; one object for all of a batch.</summary>
sealed class BatchOperation(BatchContext context, BatchState state, EntityData data) : TaskEntityOperation
{
    EntityMessage _message = null!; // Set by Begin.

    public override string Name => _message.Operation;
    public override TaskEntityContext Context => context;
    public override TaskEntityState State => state;
    public override bool HasInput => _message.Input is not null;

    public void Begin(EntityMessage message) => _message = message;

    public override object? GetInput(Type inputType)
    {
        ArgumentNullException.ThrowIfNull(inputType);
        return data.Deserialize(_message.Input, inputType);
    }

    public byte[]? Serialize(object? result)
    {
        var bytes = data.Serialize(result);
        return bytes?.Length > EntityData.MaxBytes
            ? throw new InvalidOperationException($"The result of operation '{Name}' of {context.Id} has {bytes.Length} bytes; at most {EntityData.MaxBytes} are kept. Keep large data elsewhere.")
            : bytes;
    }
}
