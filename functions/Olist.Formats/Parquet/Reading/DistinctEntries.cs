using Olist.Formats.Columns;
using Olist.Formats.Parquet.Writing;

namespace Olist.Formats.Parquet.Reading;

/// <summary>Makes sure of what <see cref="BytesColumn"/> promises and the format does not: that no entry of a dictionary is there twice.</summary>
static class DistinctEntries
{
    /// <summary>Replaces a dictionary with doubles by one without.</summary>
    /// <returns>The new code of each old entry; <see langword="null"/> when nothing had to change.</returns>
    public static int[]? Find(ref BytesColumn dictionary)
    {
        using var seen = new BytesDictionary();
        var codes = new int[dictionary.Count];
        for (var i = 0; i < codes.Length; i++) codes[i] = seen.CodeOf(dictionary[i]);
        if (seen.Count == codes.Length) return null;
        var builder = new BytesBuilder(dictionary.Type, seen.Count, seen.DataBytes);
        for (var i = 0; i < seen.Count; i++) builder.Append(seen[i]);
        dictionary = (BytesColumn)builder.Build();
        return codes;
    }
}
