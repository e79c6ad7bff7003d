using System.Security.Cryptography;
using System.Text;
using Olist.Formats.Columns;
using Olist.Pipeline.Model;

namespace Olist.Pipeline.Datasets;

/// <summary>The nine public CSV files of a folder, read.</summary>
public sealed class Dataset
{
    Dataset(string folder, SourceTables tables, IReadOnlyList<RejectedRows> rejected, string fingerprint)
    {
        Folder = folder;
        Tables = tables;
        RejectedByFile = rejected;
        Fingerprint = fingerprint;
    }

    public string Folder { get; }

    public SourceTables Tables { get; }

    /// <summary>Per file the rows that were set aside.</summary>
    public IReadOnlyList<RejectedRows> RejectedByFile { get; }

    /// <summary>Rows that were set aside, in all files.</summary>
    public long RejectedCount => RejectedByFile.Sum(file => file.Count);

    /// <summary>The kept ones of them (see <see cref="RejectedRows.MaxKept"/>), file by file.</summary>
    public IEnumerable<RejectedRow> Rejected => RejectedByFile.SelectMany(file => file.Kept);

    /// <summary>16 hexadecimal digits that tell datasets apart by the bytes of their files, wherever they lie.</summary>
    public string Fingerprint { get; }

    /// <summary>Reads a dataset, as many files at once as there are cores. All nine headers are checked before the first row is read.</summary>
    /// <exception cref="DatasetException">The folder or a file is not what it must be; the message names it, what was found and expected, and the way out.</exception>
    public static async Task<Dataset> LoadAsync(string folder, CancellationToken cancellationToken = default)
    {
        if (!Directory.Exists(folder))
            throw new DatasetException(File.Exists(folder)
                ? $"{folder} is a file; expected the folder that holds the nine public CSV files. Give its folder."
                : $"There is no folder {folder}; expected one with the nine public CSV files. Check the path, or make a dataset with: olist synth --orders 5000 --seed 1 --out {folder}");
        var sources = new List<CsvSource>();
        try
        {
            foreach (var file in DatasetFiles.All) sources.Add(CsvSource.Open(folder, file));
            return await LoadAsync(folder, sources, cancellationToken);
        }
        finally
        {
            foreach (var source in sources) source.Dispose();
        }
    }

    static async Task<Dataset> LoadAsync(string folder, List<CsvSource> sources, CancellationToken cancellationToken)
    {
        var batches = new RowBatch[sources.Count];
        var rejected = sources.Select(source => new RejectedRows(source.File.Name)).ToArray();
        await Parallel.ForAsync(0, sources.Count, cancellationToken, (index, token) =>
        {
            batches[index] = Load(folder, sources[index], rejected[index], token);
            return ValueTask.CompletedTask;
        });
        RowBatch Of(CsvFile file) => batches[sources.FindIndex(source => source.File == file)];
        var tables = new SourceTables
        {
            Orders = Of(DatasetFiles.Orders),
            OrderItems = Of(DatasetFiles.OrderItems),
            Payments = Of(DatasetFiles.Payments),
            Reviews = Of(DatasetFiles.Reviews),
            Customers = Of(DatasetFiles.Customers),
            Sellers = Of(DatasetFiles.Sellers),
            Products = Categories.Translate(Of(DatasetFiles.Products), Of(DatasetFiles.CategoryTranslation)),
            Geolocation = Of(DatasetFiles.Geolocation),
        };
        return new Dataset(folder, tables, rejected, FingerprintOf(sources));
    }

    static RowBatch Load(string folder, CsvSource source, RejectedRows rejected, CancellationToken cancellationToken)
    {
        try
        {
            return source.File == DatasetFiles.Geolocation
                ? GeolocationLoader.Load(source, rejected, cancellationToken)
                : TableLoader.Load(source, rejected, cancellationToken);
        }
        catch (IOException exception)
        {
            throw new DatasetException($"{Path.Combine(folder, source.File.Name)}, line {source.Reader.Line}: reading failed: {exception.Message} Check the disk, or copy the dataset to another one.", exception);
        }
    }

    static string FingerprintOf(List<CsvSource> sources)
    {
        var digests = sources.Select(source => $"{source.File.Name} {source.Reader.Digest.Bytes} {source.Reader.Digest.Crc32C:x8}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(digests))))[..16];
    }
}
