namespace Olist.Testing.Stores;

/// <summary>A fresh empty folder that goes away with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("olist-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
