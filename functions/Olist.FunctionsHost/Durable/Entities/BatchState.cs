using Olist.FunctionsHost.DurableTask.Entities;

namespace Olist.FunctionsHost.Durable.Entities;

/// <summary>The state during a batch: serialised after each operation, read again only after a failure or as another type.</summary>
sealed class BatchState : TaskEntityState
{
    readonly byte[]? _before;
    readonly EntityData _data;
    readonly string _entityId;
    byte[]? _kept;
    byte[]? _current;
    object? _value;

    public BatchState(byte[]? state, EntityData data, string entityId)
    {
        (_data, _entityId) = (data, entityId);
        _before = _kept = _current = state;
    }

    /// <summary>After the last operation that succeeded.</summary>
    public byte[]? Kept => _kept;

    public bool IsChanged => _kept is null || _before is null ? _kept != _before : !_kept.AsSpan().SequenceEqual(_before);

    public override bool HasState => _current is not null;

    public override object? GetState(Type type)
    {
        if (_value is not null && type.IsInstanceOfType(_value)) return _value;
        return _value = _data.Deserialize(_current, type);
    }

    public override void SetState(object? state)
    {
        var serialized = _data.Serialize(state);
        if (serialized?.Length > EntityData.MaxBytes)
            throw new InvalidOperationException($"The state of {_entityId} has {serialized.Length} bytes; at most {EntityData.MaxBytes} are kept. Split the entity, or keep large data elsewhere.");
        (_current, _value) = (serialized, state);
    }

    public void Reset()
    {
        _kept = _before;
        Undo();
    }

    public void Keep() => _kept = _current;

    public void Undo() => (_current, _value) = (_kept, null);
}
