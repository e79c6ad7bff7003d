using System.Globalization;
using Olist.Lake;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Functions.Tests.Soak;

/// <summary>What one table consists of: at its head, as its newest summary says, and in its folder, with all that older snapshots need.</summary>
/// <param name="DataFiles">Of the head, so no fewer than its files under 8 MB.</param>
/// <param name="MetadataBytes">Of all <c>metadata.json</c> files together.</param>
sealed record TableSample(string Table, long Rows, int DataFiles, int DeleteFiles, int Snapshots, int FilesInFolder, int Manifests, int MetadataFiles, long MetadataBytes, long Bytes)
{
    public static async Task<IReadOnlyList<TableSample>> TakeAsync(LakeTables tables, string lake, CancellationToken cancellationToken)
    {
        var samples = new List<TableSample>();
        foreach (var name in await tables.Catalog.ListTablesAsync(cancellationToken))
        {
            if (await tables.FindAsync(name.ToString(), cancellationToken) is not { Current: { } head } table) continue;
            var files = FolderSample.FilesOf(Path.Combine(lake, name.Namespace, name.Name));
            var documents = files.Where(file => file.Name.EndsWith(".metadata.json", StringComparison.Ordinal)).ToList();
            samples.Add(new TableSample(name.ToString(), RowCounts.Of(table), Total(head, "data-files"), Total(head, "delete-files"), table.Snapshots.Count,
                files.Count, files.Count(file => file.Name.Contains("-m", StringComparison.Ordinal) && file.Name.EndsWith(".avro", StringComparison.Ordinal)), documents.Count, documents.Sum(file => file.Length), files.Sum(file => file.Length)));
        }
        return samples;
    }

    /// <summary>Only what can peak between two samples: nothing is listed.</summary>
    public static async Task<IReadOnlyList<TableSample>> PeekAsync(LakeTables tables, CancellationToken cancellationToken)
    {
        var samples = new List<TableSample>();
        foreach (var name in await tables.Catalog.ListTablesAsync(cancellationToken))
            if (await tables.FindAsync(name.ToString(), cancellationToken) is { Current: { } head } table)
                samples.Add(new TableSample(name.ToString(), RowCounts.Of(table), Total(head, "data-files"), Total(head, "delete-files"), table.Snapshots.Count, 0, 0, 0, 0, 0));
        return samples;
    }

    public TableSample MaxWith(TableSample other) => this with
    {
        DataFiles = Math.Max(DataFiles, other.DataFiles), DeleteFiles = Math.Max(DeleteFiles, other.DeleteFiles), Snapshots = Math.Max(Snapshots, other.Snapshots),
        FilesInFolder = Math.Max(FilesInFolder, other.FilesInFolder), Manifests = Math.Max(Manifests, other.Manifests), MetadataFiles = Math.Max(MetadataFiles, other.MetadataFiles),
        MetadataBytes = Math.Max(MetadataBytes, other.MetadataBytes), Rows = Math.Max(Rows, other.Rows), Bytes = Math.Max(Bytes, other.Bytes),
    };

    static int Total(LakeSnapshot head, string what) => int.Parse(head.Summary["total-" + what], CultureInfo.InvariantCulture);
}

/// <summary>Files and bytes of a part of a folder.</summary>
sealed record FolderSample(int Files, long Bytes)
{
    public static FolderSample Of(string folder, Func<FileInfo, bool>? which = null)
    {
        var files = FilesOf(folder).Where(which ?? (_ => true)).ToList();
        return new FolderSample(files.Count, files.Sum(file => file.Length));
    }

    /// <summary>Files as they are being made and removed: one that is gone in between is left out.</summary>
    public static List<FileInfo> FilesOf(string folder)
    {
        var files = new List<FileInfo>();
        if (!Directory.Exists(folder)) return files;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
            if (file.Exists) files.Add(file);
        return files;
    }

    public override string ToString() => $"{Files} files, {Bytes / 1024.0 / 1024:f1} MiB";
}
