namespace Olist.Pipeline.Datasets.Synth;

/// <summary>Writes Olist-shaped datasets of any size: the nine public files, with the public dataset's rhythm, long tails, routes, moods and dirt.</summary>
/// <remarks>The same number of orders and months and the same seed give the same bytes on every machine.</remarks>
public static class SyntheticDataset
{
    /// <summary>Ids, products and places are held in memory; beyond this they would not fit into one array.</summary>
    public const int MaxOrders = 50_000_000;

    /// <summary>From September 2016 to October 2018, as in the public dataset.</summary>
    public const int PublicMonths = 26;

    /// <summary>A century.</summary>
    public const int MaxMonths = 1_200;

    const string Unfinished = ".unfinished";

    /// <summary>The same for the time of the public dataset.</summary>
    /// <exception cref="DatasetException">The folder can't be written to.</exception>
    public static Task WriteAsync(int orders, long seed, string folder, CancellationToken cancellationToken = default) => WriteAsync(orders, seed, PublicMonths, folder, cancellationToken);

    /// <summary>Writes the nine files into a folder, which is made if need be. Files that are there are replaced at the very end, so a run that breaks off leaves the folder's dataset as it was.</summary>
    /// <param name="orders">How many, over all months.</param>
    /// <param name="seed">Of all that is random.</param>
    /// <param name="months">From September 2016 on; more than <see cref="PublicMonths"/> have the shop stay at its height for longer.</param>
    /// <param name="folder">Where the files go.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="DatasetException">The folder can't be written to.</exception>
    public static async Task WriteAsync(int orders, long seed, int months, string folder, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(orders, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(orders, MaxOrders);
        ArgumentOutOfRangeException.ThrowIfLessThan(months, PublicMonths);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(months, MaxMonths);
        try
        {
            Directory.CreateDirectory(folder);
            string PathOf(CsvFile file) => Path.Combine(folder, file.Name + Unfinished);
            var places = new Places(seed, orders);
            var geolocation = Task.Run(() => GeolocationFile.Write(PathOf(DatasetFiles.Geolocation), seed, places, orders, cancellationToken), cancellationToken);
            var others = Task.Run(() => WriteOthers(PathOf, seed, orders, months, places, cancellationToken), cancellationToken);
            await Task.WhenAll(geolocation, others);
            foreach (var file in DatasetFiles.All) File.Move(PathOf(file), Path.Combine(folder, file.Name), overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"No dataset can be written to {folder}: {exception.Message} Give a folder that this user may write to, on a disk with room (about 1.3 MB for 1,000 orders).", exception);
        }
        finally
        {
            foreach (var file in DatasetFiles.All) RemoveUnfinished(Path.Combine(folder, file.Name + Unfinished));
        }
    }

    static void RemoveUnfinished(string path)
    {
        if (File.Exists(path)) File.Delete(path);
    }

    static void WriteOthers(Func<CsvFile, string> pathOf, long seed, int orders, int months, Places places, CancellationToken cancellationToken)
    {
        var marketplace = new Marketplace(seed, orders, places);
        marketplace.WriteSellers(pathOf(DatasetFiles.Sellers));
        marketplace.WriteProducts(pathOf(DatasetFiles.Products));
        Marketplace.WriteTranslation(pathOf(DatasetFiles.CategoryTranslation));
        using var files = new OrderFiles(pathOf, seed, marketplace);
        var maker = new OrderMaker(seed, places, marketplace, new ShoppingCalendar(seed, months));
        var order = new SyntheticOrder();
        for (var index = 0; index < orders; index++)
        {
            if (index % 4096 == 0) cancellationToken.ThrowIfCancellationRequested();
            maker.Make(index, order);
            files.Write(index, order);
        }
    }
}
