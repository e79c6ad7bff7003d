namespace Olist.Pipeline.Model;

/// <summary>The four fields of the product portfolio matrix, by the names that tables and figures use.</summary>
public static class PortfolioGroup
{
    /// <summary>Sells much, and dear.</summary>
    public const string StarProducts = "Star Products";
    /// <summary>Sells much, and cheap.</summary>
    public const string VolumeDrivers = "Volume Drivers";
    /// <summary>Sells little, and dear.</summary>
    public const string NicheGems = "Niche Gems";
    /// <summary>Sells little, and cheap.</summary>
    public const string QuestionMarks = "Question Marks";

    /// <summary>Most valuable first: the order in which orders are looked after.</summary>
    public static IReadOnlyList<string> ByWorth { get; } = [StarProducts, VolumeDrivers, NicheGems, QuestionMarks];

    public static string Of(bool highVolume, bool highPrice) => (highVolume, highPrice) switch
    {
        (true, true) => StarProducts,
        (true, false) => VolumeDrivers,
        (false, true) => NicheGems,
        _ => QuestionMarks,
    };
}
