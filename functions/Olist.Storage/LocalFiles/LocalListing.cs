using System.IO.Enumeration;

namespace Olist.Storage.LocalFiles;

/// <summary>Walks folders in the order of the keys, one folder in memory at a time per level.</summary>
static class LocalListing
{
    static readonly EnumerationOptions AllFiles = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    readonly record struct Entry(string Name, bool IsFolder, long Length, DateTimeOffset LastModified)
    {
        // "a/x" sorts after "a.b": a folder takes part in the order with the slash that follows its name.
        public string SortName => IsFolder ? Name + "/" : Name;
    }

    public static IEnumerable<ObjectInfo> Walk(string root, string folder, string prefix)
    {
        foreach (var entry in Entries(root, folder))
        {
            var key = folder + entry.Name;
            if (entry.IsFolder)
            {
                var below = key + "/";
                if (!below.StartsWith(prefix, StringComparison.Ordinal) && !prefix.StartsWith(below, StringComparison.Ordinal)) continue;
                foreach (var info in Walk(root, below, prefix)) yield return info;
            }
            else if (key.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return new ObjectInfo(key, entry.Length, entry.LastModified);
            }
        }
    }

    public static IEnumerable<string> Folders(string root, string folder) =>
        Entries(root, folder).Where(entry => entry.IsFolder && Walk(root, folder + entry.Name + "/", "").Any()).Select(entry => entry.Name);

    static List<Entry> Entries(string root, string folder)
    {
        var path = Path.Combine(root, folder.Replace('/', Path.DirectorySeparatorChar));
        var entries = new List<Entry>();
        try
        {
            var found = new FileSystemEnumerable<Entry>(path,
                static (ref FileSystemEntry entry) => new Entry(entry.FileName.ToString(), entry.IsDirectory, entry.IsDirectory ? 0 : entry.Length, entry.LastWriteTimeUtc),
                AllFiles);
            foreach (var entry in found)
                if (folder.Length > 0 || entry.Name != ObjectKeys.ReservedFolder) entries.Add(entry);
        }
        catch (DirectoryNotFoundException)
        {
            return entries;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LocalObjectStore.Failed("list", path, e);
        }
        entries.Sort(static (a, b) => string.CompareOrdinal(a.SortName, b.SortName));
        return entries;
    }
}
