namespace Olist.Storage.LocalFiles;

/// <summary><c>file:///</c> locations of local paths, spelled as Iceberg readers take them: the path as it is, nothing escaped.</summary>
/// <remarks>Iceberg locations are plain strings. Java (Hadoop paths), PyIceberg and DuckDB cut the scheme off and open the rest without decoding, so <c>%20</c> for a space would name another file.
/// <c>?</c> and <c>#</c> are refused: PyIceberg parses the location and would cut it there.</remarks>
static class FileUris
{
    const string Scheme = "file://";

    public static bool IsFileUri(string location) => location.StartsWith("file:", StringComparison.OrdinalIgnoreCase);

    public static string Of(string absolutePath)
    {
        if (absolutePath.AsSpan().IndexOfAny('?', '#') >= 0)
            throw new ArgumentException($"Folder {absolutePath} has a '?' or '#' in its path, which other readers of the tables would cut off. Choose another name.", nameof(absolutePath));
        var path = absolutePath.Replace('\\', '/');
        return Scheme + (path.StartsWith('/') ? path : "/" + path);
    }

    public static string PathOf(string uri)
    {
        var path = uri["file:".Length..];
        if (path.StartsWith("//", StringComparison.Ordinal))
        {
            if (!path.StartsWith("///", StringComparison.Ordinal))
                throw new ArgumentException($"'{uri}' names a host; a local folder is file:///absolute/path.", nameof(uri));
            path = path[2..];
        }
        return OperatingSystem.IsWindows() && path.Length > 2 && path[2] == ':' ? path[1..] : path;
    }
}
