using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Olist.FunctionsHost.Worker;

namespace Olist.Functions.Tests;

/// <summary>What can be said of the azure flavour where its packages do not restore: that nothing in the classes could differ in it.</summary>
public sealed partial class FlavourTests
{
    static readonly Assembly App = typeof(OlistApp).Assembly;

    /// <summary>Official types that the embedded host does not offer, of the namespaces that GlobalUsings.cs brings in.</summary>
    static readonly string[] OnlyOfficial =
    [
        "CoreWorkerHostBuilderExtensions", "DefaultDurableTaskClientBuilder", "DurableEventAttribute", "DurableTaskAttribute", "DurableTaskBuilderExtensions", "DurableTaskClientBuilderExtensions", "DurableTaskClientExtensions",
        "DurableTaskClientOptions", "DurableTaskRegistry", "FuncTaskActivity", "FuncTaskOrchestrator", "FunctionContextHttpRequestExtensions", "FunctionInputConverterException", "FunctionInvocation", "FunctionWorkerException",
        "FunctionsHostBuilderExtensions", "FunctionsLoggerExtensions", "FunctionsWorkerApplicationBuilderExtensions", "FunctionsWorkerHost", "IAutoConfigureStartup", "IDurableTaskClientBuilder", "IDurableTaskClientProvider",
        "IFunctionActivator", "ITaskActivity", "ITaskOrchestrator", "InputBindingData", "InputConverterCollection", "KafkaOutputAttribute", "OutputBindingData", "Pageable", "ServiceCollectionExtensions", "TaskActivity", "TaskActivityContext",
        "TaskEntityOperationExtensions", "TaskOrchestrationContextExtensionMethods", "TaskOrchestrator", "WorkerHostBuilderExtensions", "WorkerOptions",
    ];

    [Fact]
    public void Two_files_know_the_difference_and_no_other()
    {
        string[] knowing = ["GlobalUsings.cs", "Flavour.cs"];
        var folder = Path.Combine(ArchitectureTests.Root, "functions", "Olist.Functions");
        var others = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !knowing.Contains(Path.GetFileName(file)) && Difference().IsMatch(File.ReadAllText(file)));
        Assert.Empty(others);
        Assert.All(knowing, name => Assert.Matches(Difference(), File.ReadAllText(Path.Combine(folder, name))));
    }

    /// <summary>Members of these namespaces are the official ones: OfficialApiTests of the host.</summary>
    [Fact]
    public void Of_the_host_the_app_uses_mirrored_types_and_what_Flavour_needs()
    {
        using var file = new PEReader(File.OpenRead(App.Location));
        var metadata = file.GetMetadataReader();
        var used = metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Where(type => type.ResolutionScope.Kind == HandleKind.AssemblyReference
                && metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name) == "Olist.FunctionsHost")
            .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}").ToList();
        Assert.Contains("Olist.FunctionsHost.Worker.FunctionAttribute", used);
        Assert.Empty(used.Where(type => !Mirrored().IsMatch(type))
            .Except(["Olist.FunctionsHost.Hosting.EmbeddedHostExtensions", "Olist.FunctionsHost.Hosting.FunctionsHostException", "Olist.FunctionsHost.Hosting.FunctionsHostOptions", "Olist.FunctionsHost.Hosting.KafkaRecordExtensions"]));
    }

    /// <summary>Such a name would be ambiguous there, or would mean something else.</summary>
    [Fact]
    public void No_type_that_the_app_declares_or_uses_has_a_name_that_only_the_official_packages_have()
    {
        using var file = new PEReader(File.OpenRead(App.Location));
        var metadata = file.GetMetadataReader();
        var names = metadata.TypeReferences.Select(handle => metadata.GetTypeReference(handle).Name).Concat(metadata.TypeDefinitions.Select(handle => metadata.GetTypeDefinition(handle).Name))
            .Select(name => metadata.GetString(name).Split('`')[0]);
        Assert.Empty(names.Intersect(OnlyOfficial));
    }

    /// <summary>The official host resolves <c>%NAME%</c> itself and knows nothing of defaults in the worker, so each has to be set; the sample file is where one looks for which.</summary>
    [Fact]
    public void Every_setting_that_a_trigger_names_has_a_default_here_and_stands_in_the_sample_file()
    {
        var named = App.GetTypes().SelectMany(type => type.GetMethods()).Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)
            .SelectMany(method => method.GetParameters()).SelectMany(parameter => parameter.CustomAttributes)
            .SelectMany(attribute => attribute.ConstructorArguments.Concat(attribute.NamedArguments.Select(argument => argument.TypedValue)))
            .Select(argument => argument.Value).OfType<string>().SelectMany(text => Setting().Matches(text)).Select(match => match.Groups[1].Value).Distinct().ToList();
        using var configuration = new ConfigurationManager();
        Defaults.AddTo(configuration);
        using var sample = JsonDocument.Parse(File.ReadAllText(Path.Combine(ArchitectureTests.Root, "local.settings.sample.json")));

        Assert.Contains("Kafka:BrokerList", named);
        Assert.All(named, name => Assert.False(string.IsNullOrEmpty(configuration[name]), $"{name} has no default"));
        Assert.All(named, name => Assert.Equal(configuration[name], sample.RootElement.GetProperty("Values").GetProperty(name).GetString()));
    }

    [GeneratedRegex(@"Olist\.FunctionsHost|AZURE_HOST|Microsoft\.Azure\.|Microsoft\.DurableTask")]
    private static partial Regex Difference();

    [GeneratedRegex(@"^Olist\.FunctionsHost\.(Worker|DurableTask|Extensions\.Hosting)\.")]
    private static partial Regex Mirrored();

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Setting();
}
