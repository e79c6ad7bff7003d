namespace Olist.FunctionsHost.Tests.Support;

/// <summary>A folder of a test's own, removed afterwards.</summary>
sealed class TempFolder : IDisposable
{
    readonly bool _isKept;

    TempFolder(string root, bool isKept) => (Root, _isKept) = (root, isKept);

    public TempFolder() : this(Directory.CreateTempSubdirectory("olist-host-").FullName, isKept: false) { }

    /// <summary>A folder of somebody else's, who removes it.</summary>
    public static TempFolder Kept(string root) => new(root, isKept: true);

    public string Root { get; }

    public string Write(string name, string content)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose()
    {
        if (!_isKept) Directory.Delete(Root, recursive: true);
    }
}
