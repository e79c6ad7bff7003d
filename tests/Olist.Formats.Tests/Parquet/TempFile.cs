namespace Olist.Formats.Tests.Parquet;

/// <summary>A path of its own, removed afterwards.</summary>
sealed class TempFile : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("olist-parquet-").FullName;

    public string Path => System.IO.Path.Combine(_folder, "file.parquet");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
