using System.Xml.Linq;

namespace Olist.Functions.Tests;

/// <summary>Who may know whom: the diagram of the design, held against the project files.</summary>
public sealed class ArchitectureTests
{
    internal static readonly string Root = FindRoot();

    [Theory]
    [InlineData("Olist.Formats")]
    [InlineData("Olist.Storage")]
    [InlineData("Olist.Lake", "Olist.Formats", "Olist.Storage")]
    [InlineData("Olist.Streaming", "Olist.Formats", "Olist.Storage")]
    [InlineData("Olist.Pipeline", "Olist.Lake", "Olist.Streaming", "Olist.Formats", "Olist.Storage")]
    [InlineData("Olist.FunctionsHost", "Olist.Streaming", "Olist.Storage")]
    public void Uses_only_the_layers_below_it(string project, params string[] allowed)
    {
        var used = XDocument.Load(Path.Combine(Root, "functions", project, project + ".csproj"))
            .Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
        Assert.Empty(used.Except(allowed));
    }

    [Theory, InlineData("Olist.Lake", "Olist.Streaming"), InlineData("Olist.Streaming", "Olist.Lake"), InlineData("Olist.FunctionsHost", "Olist.Lake"), InlineData("Olist.FunctionsHost", "Olist.Pipeline")]
    public void Never_names_its_stranger(string project, string stranger) =>
        Assert.Empty(Naming(stranger, project));

    /// <summary>The model is pure: no tables, no log, no files.</summary>
    [Theory, InlineData("Olist.Lake"), InlineData("Olist.Streaming"), InlineData("Olist.Storage"), InlineData("System.IO")]
    public void The_model_knows_neither_lake_nor_log(string stranger) =>
        Assert.Empty(Naming(stranger, Path.Combine("Olist.Pipeline", "Model")));

    [Fact]
    public void Every_project_has_a_page()
    {
        var missing = Directory.EnumerateDirectories(Path.Combine(Root, "functions"), "Olist.*").Where(folder => !File.Exists(Path.Combine(folder, "README.md")));
        Assert.Empty(missing);
    }

    [Fact]
    public void The_top_level_holds_what_was_agreed()
    {
        string[] agreed = ["functions", "infra", "schemas", "tests", "host.json", "local.settings.sample.json", "Olist.Functions.sln", "README.md", "global.json", "Directory.Build.props", "Directory.Packages.props"];
        string[] made = ["artifacts", "local.settings.json"];
        var found = Directory.EnumerateFileSystemEntries(Root).Select(path => Path.GetFileName(path)!).Where(name => !name.StartsWith('.'));
        Assert.Empty(found.Except(agreed).Except(made));
        Assert.All(agreed, name => Assert.True(Path.Exists(Path.Combine(Root, name)), $"{name} is missing"));
    }

    static List<string> Naming(string stranger, string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, "functions", folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains($"using {stranger}", StringComparison.Ordinal))];

    static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Olist.Functions.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No Olist.Functions.sln above {AppContext.BaseDirectory}.");
    }
}
