namespace Olist.FunctionsHost.Tests.Api;

/// <summary>The official API as listed in tests/fixtures/functions-api.txt.</summary>
sealed class ApiFacts
{
    public Dictionary<string, string> Headers { get; } = [];
    public Dictionary<string, HashSet<string>> Members { get; } = [];

    public static ApiFacts Load()
    {
        var facts = new ApiFacts();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "fixtures", "functions-api.txt")).Where(line => !line.StartsWith('#') && line.Length > 0))
        {
            var member = line.IndexOf(" :: ", StringComparison.Ordinal);
            if (member > 0)
            {
                var type = line[..member];
                if (!facts.Members.TryGetValue(type, out var members)) facts.Members[type] = members = [];
                members.Add(line[(member + 4)..]);
            }
            else
            {
                var header = line.IndexOf(" : ", StringComparison.Ordinal);
                facts.Headers[line[..header]] = line[(header + 3)..];
            }
        }
        return facts;
    }
}
