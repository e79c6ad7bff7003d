namespace Olist.Streaming.Tests;

/// <summary>A folder of one test, removed afterwards.</summary>
public sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("olist-streaming-").FullName;

    public string Of(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Copies a folder that may be written to meanwhile, each of its folders as it was at one moment.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.GetDirectories(from)) Copy(folder, System.IO.Path.Combine(to, System.IO.Path.GetFileName(folder)));
        while (!TryCopyFiles(from, to))
            foreach (var file in Directory.GetFiles(to)) File.Delete(file);
    }

    /// <returns>False when files came or went meanwhile.</returns>
    static bool TryCopyFiles(string from, string to)
    {
        var files = Directory.GetFiles(from).Order(StringComparer.Ordinal).ToArray();
        try
        {
            foreach (var file in files) CopyFile(file, System.IO.Path.Combine(to, System.IO.Path.GetFileName(file)));
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        return files.SequenceEqual(Directory.GetFiles(from).Order(StringComparer.Ordinal));
    }

    /// <summary>Without the lock that File.Copy would ask for.</summary>
    static void CopyFile(string from, string to)
    {
        if (System.IO.Path.GetFileName(from) == "olist.lock") return;
        using var source = File.OpenHandle(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[RandomAccess.GetLength(source)];
        var length = RandomAccess.Read(source, bytes, 0);
        File.WriteAllBytes(to, bytes.AsSpan(0, length));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
