namespace Olist.Lake;

/// <summary><c>namespace.table</c>, each <c>[a-z_][a-z0-9_]*</c>.</summary>
public readonly record struct TableName
{
    /// <exception cref="ArgumentException">A part is not of that form.</exception>
    public TableName(string @namespace, string name)
    {
        if (!IsIdentifier(@namespace) || !IsIdentifier(name))
            throw new ArgumentException($"'{@namespace}.{name}' is no table name; expected namespace.table, each of lower-case letters, digits and _, not starting with a digit.");
        Namespace = @namespace;
        Name = name;
    }

    public string Namespace { get; }
    public string Name { get; }

    /// <exception cref="ArgumentException">Not of that form.</exception>
    public static TableName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot < 0
            ? throw new ArgumentException($"'{text}' is no table name; expected namespace.table, such as gold.fact_order_detail.", nameof(text))
            : new TableName(text[..dot], text[(dot + 1)..]);
    }

    internal static bool IsIdentifier(string text)
    {
        if (string.IsNullOrEmpty(text) || char.IsAsciiDigit(text[0])) return false;
        foreach (var character in text)
            if (!char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character != '_') return false;
        return true;
    }

    public override string ToString() => $"{Namespace}.{Name}";
}
