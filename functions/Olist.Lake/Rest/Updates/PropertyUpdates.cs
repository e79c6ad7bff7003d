using Olist.Lake.Metadata;

namespace Olist.Lake.Rest.Updates;

/// <summary>Table properties: text to text, without the names that stand for something else.</summary>
static class PropertyUpdates
{
    public static void Set(MetadataDraft draft, JsonNodeView json)
    {
        foreach (var (key, value) in RequestJson.Texts(json))
        {
            // Clients ask for the version of a new table this way.
            if (key == "format-version" && value == "2") continue;
            if (draft.Properties.TryGetValue(key, out var before) && before == value) continue;
            if (TableProperties.WhyNot(key) is { } reason) throw json.Corrupt($"property '{key}' {reason}");
            draft.Properties[key] = value;
            draft.Touch();
        }
    }

    public static void Remove(MetadataDraft draft, JsonNodeView json)
    {
        foreach (var key in json.Items().Select(item => item.AsString()))
        {
            if (TableProperties.WhyNotGone(key) is { } reason) throw json.Corrupt($"property '{key}' {reason}");
            if (draft.Properties.Remove(key)) draft.Touch();
        }
    }
}
