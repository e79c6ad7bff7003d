namespace Olist.Storage;

/// <summary>A write-only stream that publishes an object on completion.</summary>
public abstract class ObjectWriter : Stream
{
    /// <summary>Makes the object visible, whole and (unless it is part of a <see cref="WriteGroup"/>) durable, replacing one of that name.</summary>
    public abstract ValueTask CompleteAsync(CancellationToken cancellationToken);
}
