namespace Olist.Streaming.SchemaRegistry;

/// <summary>What a new version of a subject must be able to do.</summary>
public enum SchemaCompatibility
{
    /// <summary>Anything goes.</summary>
    None,

    /// <summary>Read what was written with the latest version: consumers are upgraded first.</summary>
    Backward,
}
