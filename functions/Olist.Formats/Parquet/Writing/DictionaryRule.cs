namespace Olist.Formats.Parquet.Writing;

/// <summary>When a dictionary pays.</summary>
static class DictionaryRule
{
    /// <summary>What a dictionary page costs besides its entries.</summary>
    const int PageOverheadBytes = 24;

    /// <summary>Whether so many values are better off as codes and a dictionary. Codes are also faster to read, but a plain page compresses better than its size tells.</summary>
    public static bool Pays(int values, int widthBits, long dictionaryBytes, long plainBytes) =>
        (dictionaryBytes + (long)values * widthBits / 8 + PageOverheadBytes) * 5 < plainBytes * 4;
}
