namespace Olist.Storage;

/// <summary>What a finished write to a local folder survives.</summary>
public enum Durability
{
    /// <summary>The end of the process (<c>kill -9</c>), not of the machine: nothing is flushed.</summary>
    Process,
    /// <summary>Power loss: file and folder are flushed to the disk before a write returns.</summary>
    Machine,
}
