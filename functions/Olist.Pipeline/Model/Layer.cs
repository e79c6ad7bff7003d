namespace Olist.Pipeline.Model;

/// <summary>Which part of the pipeline a table belongs to.</summary>
public enum Layer
{
    /// <summary>What came in, as it came.</summary>
    Bronze,
    /// <summary>Cleaned and joined.</summary>
    Silver,
    /// <summary>What is asked for.</summary>
    Gold,
    /// <summary>Gold as the speed layer knows it.</summary>
    Stream,
}
