using Xunit;

namespace Olist.Testing;

/// <summary>The real sample: the folder that OLIST_SAMPLE_DATASET names, or <c>../shared/olist</c> beside the repository.</summary>
public static class SampleDataset
{
    /// <summary>The folder; without one the test is skipped, saying why.</summary>
    public static string Require()
    {
        var folder = Environment.GetEnvironmentVariable("OLIST_SAMPLE_DATASET") is { Length: > 0 } named ? named : BesideRepository();
        Assert.SkipUnless(folder is not null && File.Exists(Path.Combine(folder, "olist_orders_dataset.csv")), "The real sample is not here: no ../shared/olist beside the repository and no OLIST_SAMPLE_DATASET.");
        return folder;
    }

    static string? BesideRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Olist.Functions.sln"))) folder = folder.Parent;
        return folder?.Parent is { } beside ? Path.Combine(beside.FullName, "shared", "olist") : null;
    }
}
