using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Tests.Api;

public sealed class OfficialApiTests
{
    static readonly ApiFacts Facts = ApiFacts.Load();

    static IEnumerable<Type> Offered => typeof(FunctionContext).Assembly.GetExportedTypes().Where(ApiText.IsMirrored);

    [Fact]
    public void Every_type_in_the_mirrored_namespaces_is_an_official_type_of_the_same_kind()
    {
        var differences = new List<string>();
        foreach (var type in Offered)
        {
            var name = ApiText.Name(type);
            if (!Facts.Headers.TryGetValue(name, out var official))
            {
                differences.Add($"{name}: not an official type");
                continue;
            }
            var (kind, @base, interfaces, usage) = ApiText.Header(type);
            var rest = official.StartsWith(kind, StringComparison.Ordinal) ? official[kind.Length..] : null;
            if (rest is null || (rest.Length > 0 && rest[0] != ' ')) differences.Add($"{name}: is '{kind}', official '{official}'");
            else
            {
                var list = rest.Split('[')[0].Trim();
                foreach (var wanted in interfaces.Append(@base).OfType<string>().Where(wanted => !$", {list}, ".Contains($", {wanted}, ", StringComparison.Ordinal)))
                    differences.Add($"{name}: has {wanted}, official '{official}'");
                if (@base is null && kind is "class" or "sealed class" && list.StartsWith("System.Exception", StringComparison.Ordinal)) differences.Add($"{name}: official base in '{official}'");
                if (usage.Length > 0 && !official.EndsWith(usage, StringComparison.Ordinal)) differences.Add($"{name}: usage {usage}, official '{official}'");
            }
        }
        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences));
    }

    [Fact]
    public void Every_member_in_the_mirrored_namespaces_is_declared_as_officially()
    {
        var differences = Offered
            .SelectMany(type => ApiText.Members(type).Select(member => (Type: ApiText.Name(type), Member: member)))
            .Where(offered => !(Facts.Members.TryGetValue(offered.Type, out var official) && official.Contains(offered.Member)))
            .Select(offered => $"{offered.Type} :: {offered.Member}")
            .ToList();
        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences));
    }

    [Fact]
    public void Every_abstract_member_is_offered_so_that_whoever_derives_compiles_in_both_flavours()
    {
        var missing = Offered.Where(type => type.IsAbstract && !type.IsSealed)
            .SelectMany(type => Facts.Members[ApiText.Name(type)].Where(member => member.Contains("abstract ", StringComparison.Ordinal))
                .Except(ApiText.Members(type)).Select(member => $"{ApiText.Name(type)} :: {member}"))
            .ToList();
        Assert.True(missing.Count == 0, string.Join(Environment.NewLine, missing));
    }

    /// <summary>With an overload missing here, the same call would mean another method in the other flavour.</summary>
    [Fact]
    public void Every_overload_of_what_is_offered_is_offered()
    {
        var missing = new List<string>();
        foreach (var type in Offered)
        {
            var offered = ApiText.Members(type).ToHashSet();
            var names = offered.Select(MethodName).OfType<string>().ToHashSet();
            missing.AddRange(Facts.Members.GetValueOrDefault(ApiText.Name(type), []).Except(offered)
                .Where(member => MethodName(member) is { } name && name != "operator" && names.Contains(name)).Select(member => $"{ApiText.Name(type)} :: {member}"));
        }
        Assert.True(missing.Count == 0, string.Join(Environment.NewLine, missing));
    }

    /// <summary>Of a method or constructor: the word before its parameters, without type parameters.</summary>
    static string? MethodName(string member)
    {
        var open = member.IndexOf('(', StringComparison.Ordinal);
        if (open < 0) return null;
        var head = member[..open];
        if (head.Contains("operator ", StringComparison.Ordinal)) return "operator";
        if (head.EndsWith('>')) head = head[..head.LastIndexOf('<')];
        return head[(head.LastIndexOf(' ') + 1)..];
    }

    [Theory]
    [InlineData("static A.B<C> Use<T>(this A.B<C> builder)", "Use"), InlineData("RetryPolicy(int n = 1)", "RetryPolicy"), InlineData("string Name { get; }", null), InlineData("static implicit operator A(string value)", "operator")]
    public void Names_are_read_from_members(string member, string? name) => Assert.Equal(name, MethodName(member));

    [Fact]
    public void The_comparison_notices_a_member_that_differs()
    {
        Assert.Contains("string? Route { get; set; }", ApiText.Members(typeof(HttpTriggerAttribute)));
        Assert.DoesNotContain("string Route { get; set; }", Facts.Members["Microsoft.Azure.Functions.Worker.HttpTriggerAttribute"]);
        Assert.True(Facts.Headers.Count > 100);
    }
}
