namespace Olist.Pipeline.Tests;

/// <summary>The real sample: <c>../shared/olist</c> beside the repository, or the folder that OLIST_SAMPLE_DATASET names.</summary>
static class SampleDataset
{
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable("OLIST_SAMPLE_DATASET") is { Length: > 0 } named) return Directory.Exists(named) ? named : null;
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Olist.Functions.sln"))) folder = folder.Parent;
        var sample = folder?.Parent is { } beside ? Path.Combine(beside.FullName, "shared", "olist") : null;
        return Directory.Exists(sample) ? sample : null;
    }

    /// <summary>The folder; without one the test is skipped, saying why.</summary>
    public static string Require()
    {
        var folder = Find();
        Assert.SkipWhen(folder is null, "The real sample is not here: no ../shared/olist beside the repository and no OLIST_SAMPLE_DATASET.");
        return folder!;
    }
}
