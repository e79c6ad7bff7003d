using Olist.Storage;

namespace Olist.Lake.Metadata;

/// <summary>Between the absolute locations that tables write down and the keys of the store.</summary>
/// <remarks>Locations must be byte-equal wherever a file is named, so new ones are always made from the table's own <c>location</c>.
/// A lake that was moved or copied as a whole still opens: what stands below the table's location is looked for below its folder.</remarks>
sealed class TableLocations(IObjectStore store, string tableKey, string tableLocation)
{
    readonly string _tablePrefix = Normalize(tableLocation) + "/";
    readonly string _rootPrefix = Normalize(store.RootUri) + "/";

    public string TableKey { get; } = tableKey;

    public string LocationOf(string key) => $"{tableLocation}/{key[(TableKey.Length + 1)..]}";

    /// <exception cref="LakeException">The location is outside of the table and of the store.</exception>
    /// <exception cref="CorruptTableException">No file can be called that.</exception>
    public string KeyOf(string location)
    {
        try
        {
            return ObjectKeys.Validate(Resolve(location));
        }
        catch (ArgumentException e)
        {
            throw new CorruptTableException($"Table at {tableLocation}: '{location}' can't be the location of a file: {e.Message} The file that names it is damaged; restore it.", e);
        }
    }

    string Resolve(string location)
    {
        var normalized = Normalize(location);
        if (normalized.StartsWith(_tablePrefix, StringComparison.Ordinal)) return $"{TableKey}/{normalized[_tablePrefix.Length..]}";
        if (normalized.StartsWith(_rootPrefix, StringComparison.Ordinal)) return normalized[_rootPrefix.Length..];
        throw new LakeException($"File {location} lies outside of its table at {tableLocation} and of the lake at {store.RootUri}. Open the lake at the root that the table was written under.");
    }

    /// <summary>s3, s3a and s3n are one; <c>file:/x</c> and <c>file:///x</c> are one.</summary>
    static string Normalize(string location)
    {
        if (location.StartsWith("s3a://", StringComparison.OrdinalIgnoreCase) || location.StartsWith("s3n://", StringComparison.OrdinalIgnoreCase)) location = "s3://" + location[6..];
        else if (location.StartsWith("file:/", StringComparison.Ordinal) && !location.StartsWith("file://", StringComparison.Ordinal)) location = "file://" + location[5..];
        return location.TrimEnd('/');
    }
}
