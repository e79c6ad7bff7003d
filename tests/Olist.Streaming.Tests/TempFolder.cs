namespace Olist.Streaming.Tests;

/// <summary>A folder of one test, removed afterwards.</summary>
public sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("olist-streaming-").FullName;

    public string Of(string name) => System.IO.Path.Combine(Path, name);

    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from)) Copy(folder, System.IO.Path.Combine(to, System.IO.Path.GetFileName(folder)));
        foreach (var file in Directory.EnumerateFiles(from)) CopyFile(file, System.IO.Path.Combine(to, System.IO.Path.GetFileName(file)));
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
