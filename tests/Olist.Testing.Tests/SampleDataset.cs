namespace Olist.Testing.Tests;

/// <summary>The real sample, where there is one: <c>OLIST_SAMPLE_DATASET</c>, or <c>../shared/olist</c> beside the repository.</summary>
static class SampleDataset
{
    /// <summary>Its folder; a test without it says so and is skipped.</summary>
    public static string Folder()
    {
        var folder = Environment.GetEnvironmentVariable("OLIST_SAMPLE_DATASET") is { Length: > 0 } set ? set : BesideRepository();
        Assert.SkipUnless(folder is not null && File.Exists(Path.Combine(folder, "olist_orders_dataset.csv")), "no sample dataset: set OLIST_SAMPLE_DATASET, or put it at ../shared/olist");
        return folder!;
    }

    static string? BesideRepository()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Olist.Functions.sln")))
                return Path.Combine(at.Parent?.FullName ?? "/", "shared", "olist");
        return null;
    }
}
