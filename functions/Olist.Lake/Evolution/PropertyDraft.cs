namespace Olist.Lake.Evolution;

/// <summary>Table properties under change; those that speak of a column by name follow its renames.</summary>
sealed class PropertyDraft(EvolutionDraft draft, IReadOnlyDictionary<string, string> before)
{
    static readonly string[] ByColumn = [TableProperties.BloomFilterPrefix, "write.metadata.metrics.column."];

    readonly Dictionary<string, string> _values = new(before, StringComparer.Ordinal);

    public void Set(string key, string value)
    {
        if (string.IsNullOrEmpty(key)) throw draft.Refuse("", "a property needs a name");
        if (TableProperties.WhyNot(key) is { } reason) throw draft.Refuse(key, $"property {key} {reason}");
        _values[key] = value ?? throw draft.Refuse(key, $"property {key} has no value; remove it instead");
    }

    public void Remove(string key)
    {
        if (TableProperties.WhyNotGone(key) is { } reason) throw draft.Refuse(key, $"property {key} {reason}");
        _values.Remove(key);
    }

    public void DropColumn(string name)
    {
        foreach (var prefix in ByColumn) _values.Remove(prefix + name);
    }

    public void RenameColumn(string name, string newName)
    {
        foreach (var prefix in ByColumn)
            if (_values.Remove(prefix + name, out var value)) _values[prefix + newName] = value;
    }

    /// <summary>The properties as they were, the same object, when nothing changed.</summary>
    public IReadOnlyDictionary<string, string> Build() =>
        _values.Count == before.Count && _values.All(pair => before.TryGetValue(pair.Key, out var value) && value == pair.Value) ? before : _values;
}
