namespace Olist.Lake;

/// <summary>A change of schema, partitioning, order or properties that the format or the table's rows do not allow. Nothing was changed; the message names the field and the way out.</summary>
public sealed class EvolutionException : LakeException
{
    public EvolutionException() { }

    public EvolutionException(string message) : base(message) { }

    public EvolutionException(string message, Exception? innerException) : base(message, innerException) { }

    /// <summary>The column, partition field or property that is in the way.</summary>
    public string Field { get; init; } = "";
}
